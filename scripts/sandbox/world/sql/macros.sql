-- Chance. Every draw is a hash of the seed, a purpose and the number of what is drawn for.

create temp macro draw(purpose, number) as
    hash(xor(cast(number as ubigint), hash(getvariable('seed'), purpose)));

-- Uniform in [0, 1).
create temp macro unit(purpose, number) as
    draw(purpose, number) / 18446744073709551616.0;

create temp macro chance(probability, purpose, number) as
    unit(purpose, number) < probability;

-- A whole number in [0, size).
create temp macro below(size, purpose, number) as
    cast(draw(purpose, number) % cast(size as ubigint) as bigint);

-- A whole number in [0, size), small ones more often.
create temp macro mostly_low(size, purpose, number) as
    cast(floor(size * pow(unit(purpose, number), 1.7)) as bigint);

create temp macro choose(options, purpose, number) as
    options[1 + below(len(options), purpose, number)];

-- One of the words of `a|b|c`.
create temp macro choose_word(words, purpose, number) as
    choose(string_split(words, '|'), purpose, number);

-- How many times something happens: geometric, with this mean, and never more than `most`.
create temp macro times(mean, most, purpose, number) as
    least(most, cast(floor(ln(1 - unit(purpose, number)) / ln(mean / (1.0 + mean))) as bigint));

-- `length` (at most 22) letters and digits that no other number of the purpose has.
create temp macro token(length, purpose, number) as
    left(
        translate(
            to_base64(unhex(md5(concat_ws('/', getvariable('seed'), purpose, number)))),
            '+/=',
            'aZ7'
        ),
        length
    );

create temp macro uuid_of(purpose, number) as
    cast(cast(md5(concat_ws('/', getvariable('seed'), purpose, number)) as uuid) as varchar);

-- 26 characters that sort by time, such as 01019B2F....
create temp macro ulid_of(moment, purpose, number) as
    '01' || printf('%011X', epoch_ms(moment))
    || upper(left(md5(concat_ws('/', getvariable('seed'), purpose, number)), 13));

-- Time. The world stands still at its own now.

create temp macro world_now() as timestamp '2026-06-30 12:00:00';

create temp macro seconds_after(moment, seconds) as
    moment + to_seconds(cast(seconds as bigint));

create temp macro days_after(moment, days) as
    seconds_after(moment, 86400.0 * days);

-- Between two moments, uniformly.
create temp macro between_times(earlier, later, purpose, number) as
    seconds_after(
        earlier, floor(unit(purpose, number) * greatest(0, epoch(later) - epoch(earlier)))
    );

-- Writing.

-- Fills the places a to e of a pattern with digits, v and w with capitals.
create temp macro fill_places(pattern, purpose, number) as
    translate(
        pattern,
        'abcdevw',
        lpad(cast(below(100000, purpose, number) as varchar), 5, '0')
        || chr(cast(65 + below(26, purpose || ' v', number) as int))
        || chr(cast(65 + below(26, purpose || ' w', number) as int))
    );

-- A number below `size` that no other number below it shares.
create temp macro scatter(number, size) as
    (cast(number as bigint) * 7368787 + cast(hash(getvariable('seed')) % 1000000 as bigint)) % size;

-- Fills the # of a phone pattern with digits that no other number has; @ is a digit from 2 to 9.
create temp macro fill_digits(pattern, number) as
    case
        when contains(pattern, '@')
            then left(pattern, 3) || cast(2000000 + scatter(number, 8000000) as varchar)
        else
            rtrim(pattern, '#')
            || lpad(
                cast(
                    scatter(
                        number, cast(pow(10, len(pattern) - len(rtrim(pattern, '#'))) as bigint)
                    )
                    as varchar
                ),
                cast(len(pattern) - len(rtrim(pattern, '#')) as int),
                '0'
            )
    end;

-- Plain small letters and digits only, for e-mail addresses and domains.
create temp macro plain(words, joint) as
    trim(regexp_replace(lower(words), '[^a-z0-9]+', joint, 'g'), joint);
