-- What goes wrong in writing.

-- One slip of the finger: a letter left out, doubled, exchanged with the next, or its neighbour.
create temp macro slip_at(word, place, slip) as
    left(word, place - 1)
    || case slip
        when 0 then ''
        when 1 then word[place] || word[place]
        when 2 then word[place + 1] || word[place]
        else
            translate(
                word[place], 'qwertyuiopasdfghjklzxcvbnm', 'wertyuioposdfghjklkxcvbnmn'
            )
    end
    || substr(word, place + case when slip = 2 then 2 else 1 end);

-- Somewhere after the first letter.
create temp macro typo(word, purpose, number) as
    case
        when len(word) < 4 then word
        else
            slip_at(
                word,
                2 + below(len(word) - 2, purpose || ' place', number),
                below(4, purpose || ' slip', number)
            )
    end;
