-- What a value may be. `pii_is_…` tells that a value is such a thing whatever its column is called,
-- `pii_has_…` that a text has one within, `pii_like_…` that nothing speaks against it where the
-- name says so. Temporary macros: nothing is left in a database.

create temp macro pii_digits(v) as regexp_replace(v, '[^0-9]', '', 'g');

create temp macro pii_compact(v) as upper(regexp_replace(v, '[\s./-]', '', 'g'));

-- Words of a text in lower case without accents, as the lists have them.
create temp macro pii_words(v) as
    regexp_extract_all(
        replace(lower(translate(strip_accents(v), 'øØłŁđĐı', 'oOlLdDi')), 'ß', 'ss'), '[\p{L}\p{M}]+'
    );

create temp macro pii_weighed(d, weights) as
    list_sum(list_transform(range(1, len(weights) + 1), lambda i: d[i]::int * weights[i]));

create temp macro pii_luhn(d) as
    list_sum(list_transform(
        range(1, length(d) + 1),
        lambda i: case
            when i % 2 = 1 then d[-i]::int
            else (d[-i]::int * 2) // 10 + (d[-i]::int * 2) % 10
        end
    )) % 10 = 0;

create temp macro pii_mod97(s) as
    list_reduce(
        list_transform(
            string_split(s, ''), lambda c: case when c <= '9' then c::int else ascii(c) - 55 end
        ),
        lambda a, x: (a * case when x > 9 then 100 else 10 end + x) % 97
    ) % 97;

-- Month and day, so that an arbitrary number is not taken for one that holds a date.
create temp macro pii_month_day(mm, dd) as mm::int between 1 and 12 and dd::int between 1 and 31;

-- An `aaa@aaa.aaa` shows the shape of an address, not an address.
create temp macro pii_has_at(v) as
    (contains(v, '@') or contains(v, '%40') or contains(v, '(at)') or contains(v, '[at]'))
    and not regexp_full_match(v, '[aAxX9@._+ -]*');

create temp macro pii_is_email(v) as
    case when not pii_has_at(v) or length(v) > 200 then false else
    regexp_full_match(
        v,
        '(mailto:|[\p{L}\p{M}\s."''-]+<)?[\p{L}\p{N}._%+''&-]+\s?(@|%40|\s?[\[(]at[\])])\s?([\p{L}\p{N}-]+\.)+\p{L}{2,}>?',
        'i'
    )
    and not regexp_matches(v, '@[0-9]x\.|\.(png|jpe?g|gif|svg|webp|js|css|pdf)$', 'i')
    and not regexp_full_match(v, '<.*|.{60,}@.*|[0-9a-fA-F.-]{24,}@.*')
    and not list_contains(getvariable('pii_mailboxes'), lower(regexp_extract(v, '^(?:mailto:)?([^@]+)@', 1)))
    end;

create temp macro pii_has_email(v) as
    case
        when not pii_has_at(v) then false
        else len(list_filter(
            regexp_extract_all(
                v,
                '(?:^|[^\p{L}\p{N}._%+/-]|[/=])[\p{L}\p{N}._+''&-]+(?:@|%40|\s?[\[(]at[\])]\s?)(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}'
            ),
            lambda m: not regexp_matches(m, '@[0-9]x\.|\.(png|jpe?g|gif|svg|webp|js|css|pdf)$|:.*@.*', 'i')
                and not regexp_matches(m, '[0-9a-fA-F]{24,}@|git@')
                and not list_contains(
                    getvariable('pii_mailboxes'),
                    regexp_extract(lower(m), '([\p{L}\p{N}._+-]+)(@|%40|\s?[\[(]at)', 1)
                )
        )) > 0
    end;

create temp macro pii_like_email(v) as
    regexp_matches(v, '@|%40|[\[(]at[\])]')
    and not list_contains(getvariable('pii_mailboxes'), lower(regexp_extract(v, '^(?:mailto:)?([^@]+)@', 1)));

create temp macro pii_is_phone_international(v) as
    regexp_full_match(v, '(tel:)?\(?(\+|00[1-9])[0-9 ().\-/\x{00A0}]{6,24}( ?(x|ext\.?) ?[0-9]{1,6})?', 'i')
    and length(pii_digits(v)) between case when contains(v, '+') then 8 else 11 end and 17
    and regexp_matches(v, '[1-8]')
    and (contains(v, '+') or regexp_matches(v, '[ ().-]') and not regexp_matches(v, '\.[0-9]+$'));

create temp macro pii_has_phone_international(v) as
    regexp_matches(v, '[1-8]') and (regexp_matches(v, '(^|[^\p{L}\p{N}.+=/-])\+[1-9][0-9]{0,2}[ .(-]{0,2}[0-9]{1,4}[ .)/-]{0,2}[0-9]{2,4}[ ./-]?[0-9]{2,4}([ ./-]?[0-9]{2,4}){0,3}($|[^\p{L}\p{N}])')
    or regexp_matches(v, '(^|[\s:])(\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[-.])[2-9][0-9]{2}[-.][0-9]{4}($|[\s,;.x!?])')
    or regexp_matches(v, '(tel|phone|call|mobil|mobile|handy|whatsapp|appel|tél|teléfono|telefon|cell|ring|rufen|anrufen)[\p{L}.:]*( me| us| mich)?( on| at| unter| au| al|:| -)? *\+?\(?0?[1-9][0-9 ()./-]{6,18}[0-9]', 'i'));

-- What digits alone are, if they are not numbers of telephones: books and articles.
create temp macro pii_is_code(d) as
    case
        when regexp_full_match(d, '[0-9]{10}')
            then pii_weighed(d, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 = 0
        when regexp_full_match(d, '[0-9]{12,13}')
            then pii_weighed(right('0' || d, 13), [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 = 0
        else false
    end;

-- The ways numbers are written in their own countries, with their signs: brackets, or a trunk 0.
create temp macro pii_is_phone_national(v) as
    regexp_full_match(v, '(1[-. ])?(\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[-. ])[2-9][0-9]{2}[-. ][0-9]{4}( ?(x|ext\.?) ?[0-9]{1,6})?', 'i')
    or regexp_full_match(v, '0[1-9]([ .-][0-9]{2}){4}')
    or regexp_full_match(v, '\(?0[1-9][0-9]{0,4}\)?( ?[-/] ?| )[0-9]{2,8}([ -]?[0-9]{2,5}){0,3}')
        and length(pii_digits(v)) between 9 and 12 and not regexp_full_match(v, '[0-9]{2}[/-][0-9]{2}[/-][0-9]{2,4}')
    or regexp_full_match(v, '\(?[1-9][0-9]\)? ?9?[0-9]{4}-[0-9]{4}')
    or regexp_full_match(v, '[6-9][0-9]{2} [0-9]{3} [0-9]{3}|[6-9][0-9]{2}( [0-9]{2}){3}|[3][0-9]{2} [0-9]{6,7}')
    or regexp_full_match(v, '0[1-9][0-9]{8,9}') and not pii_is_code(v);

-- Ten digits of an area that North America's plan has, or a country's own digits after its code.
create temp macro pii_is_phone_digits(v) as
    case
        when regexp_full_match(v, '1?[2-9][0-9]{2}[2-9][0-9]{6}')
            then list_contains(getvariable('pii_areas'), left(right(v, 10), 4)) and not pii_is_code(v)
        when regexp_full_match(v, '0[1-9][0-9]{8,9}') then not pii_is_code(v)
        else false
    end;

create temp macro pii_like_phone(v) as
    regexp_full_match(v, '(tel:)?[+(]*[0-9][0-9 ()./\-\x{00A0}]{5,24}( ?(x|ext\.?) ?[0-9]{1,6})?', 'i')
    and length(pii_digits(v)) between 7 and 17
    and not regexp_full_match(v, '[0-9]+\.[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|1[3-9][0-9]{11}');

create temp macro pii_is_iban(v) as
    case
        when length(v) > 45 then false
        when regexp_full_match(pii_compact(v), '[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}')
            then list_contains(getvariable('pii_countries'), left(pii_compact(v), 2))
                and pii_mod97(substr(pii_compact(v), 5) || left(pii_compact(v), 4)) = 1
        else false
    end;

create temp macro pii_has_iban(v) as
    not pii_is_iban(v) and regexp_matches(v, '\p{Ll}') and len(list_filter(
        regexp_extract_all(v, '\b[A-Z]{2}[0-9]{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{0,4}\b'),
        lambda m: pii_is_iban(trim(m)) or pii_is_iban(regexp_replace(trim(m), ' [A-Z]*$', ''))
    )) > 0;

create temp macro pii_like_iban(v) as
    regexp_full_match(upper(v), '[A-Z]{2}[0-9X*]{2}[A-Z0-9 *-]{8,40}');

create temp macro pii_card(d) as
    regexp_full_match(
        d,
        '4([0-9]{12}|[0-9]{15}|[0-9]{18})|(5[1-5]|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]+|3[47][0-9]{13}|(6011|65[0-9]{2}|64[4-9][0-9])[0-9]{12}|35(2[89]|[3-8][0-9])[0-9]{12}|3(0[0-5]|[68][0-9])[0-9]{11}|62[0-9]{14,17}|(50[0-9]{2}|5[6-9][0-9]{2}|6[0-9]{3})[0-9]{8,15}'
    )
    and (length(d) = 16 or left(d, 1) in ('3', '4', '6') or regexp_matches(d, '^5[06-9]'))
    and pii_luhn(d);

create temp macro pii_is_credit_card(v) as
    case
        when regexp_full_match(v, '[0-9]{12,19}|[0-9]{4}([ -][0-9]{4}){2}[ -][0-9]{1,7}|[0-9]{4}[ -][0-9]{6}[ -][0-9]{4,5}')
            then pii_card(pii_digits(v))
        else false
    end;

create temp macro pii_has_credit_card(v) as
    regexp_matches(v, '\p{L}')
    and len(list_filter(
        regexp_extract_all(v, '(?:^|[\s:#(])((?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|6[05][0-9]{2}|35[2-8][0-9])(?:[ -]?[0-9]{4}){3}|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})(?:$|[\s.,;)])', 1),
        lambda m: pii_card(pii_digits(m))
    )) > 0;

create temp macro pii_like_credit_card(v) as
    regexp_full_match(v, '[0-9]{3,4}|[0-9*xX• -]{12,24}') and regexp_matches(v, '[0-9]');

create temp macro pii_is_ip_address(v) as
    regexp_full_match(v, '((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.|$|[:/])){4}([0-9]{1,5})?')
        and regexp_matches(v, '(^|\.)[12][0-9]{2}(\.|$|[:/])')
    or regexp_full_match(v, '[0-9a-f]{0,4}(:[0-9a-f]{0,4}){3,7}(/[0-9]{1,3})?', 'i')
        and regexp_matches(v, '::|^([0-9a-f]{1,4}:){7}', 'i') and not regexp_full_match(v, '[0:]*');

create temp macro pii_has_ip_address(v) as
    regexp_matches(v, '\p{L}')
    and regexp_matches(v, '(^|[\s=\[(,"''])((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2})($|[\s\]),;:"''])')
    and not regexp_matches(v, 'version|release|firmware|\bv[0-9]', 'i');

create temp macro pii_like_ip_address(v) as
    regexp_matches(v, '^[0-9]+(\.[0-9*x]+){3}|^[0-9a-fA-F]{0,4}:[0-9a-fA-F:]+');

create temp macro pii_is_mac_address(v) as
    regexp_full_match(v, '[0-9a-f]{2}([:-][0-9a-f]{2}){5}|[0-9a-f]{4}(\.[0-9a-f]{4}){2}', 'i')
    and regexp_matches(v, '[a-f]|[0-9]', 'i') and not regexp_full_match(v, '[0-9]{4}(\.[0-9]{4}){2}');

create temp macro pii_has_mac_address(v) as
    regexp_matches(v, '(^|[\s=(])[0-9a-f]{2}([:-][0-9a-f]{2}){5}($|[\s,;).])', 'i');

create temp macro pii_like_mac_address(v) as regexp_full_match(v, '[0-9a-fA-F:.-]{12,17}');

create temp macro pii_is_imei(v) as
    case
        when regexp_full_match(v, '(01|35|86|99)[0-9]{13}') then pii_luhn(v)
        else false
    end;

create temp macro pii_like_device_id(v) as regexp_full_match(v, '[^\s@]{8,}');

create temp macro pii_is_secret(v) as
    regexp_matches(v, '^eyJ[\w-]{8,}\.[\w-]+\.|^\$2[abxy]\$|^\$argon2|^(sk|rk)_(live|test)_\w{10,}|^AKIA[0-9A-Z]{16}$|^gh[pousr]_\w{20,}|^xox[abprs]-|-----BEGIN [A-Z ]*PRIVATE KEY|^[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@|^(Bearer|Basic) [\w.=+/-]{16,}$|^glpat-|^pbkdf2[_:]|^\{SSHA');

create temp macro pii_has_secret(v) as
    regexp_matches(v, 'eyJ[\w-]{8,}\.eyJ[\w-]+\.|\b(sk|rk)_live_\w{10,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|-----BEGIN [A-Z ]*PRIVATE KEY|[a-z]://[^/\s:@]+:[^/\s@]+@|[?&](password|passwd|access_token|api_key)=[^&\s]{6,}|\b(password|passwort|passwd|pwd|contraseña|mot de passe)( is| ist)?\s*[:=]\s*\S{6,}', 'i');

create temp macro pii_like_secret(v) as
    regexp_full_match(v, '\S{4,}') and not regexp_full_match(v, '(true|false|[0-9]{4}-.*)', 'i');

create temp macro pii_is_user_agent(v) as regexp_matches(v, '^(Mozilla/[0-9]|Opera/[0-9]|Dalvik/[0-9])');

create temp macro pii_like_user_agent(v) as length(v) > 20;

create temp macro pii_is_social_profile(v) as
    regexp_matches(v, '^(https?://)?([a-z]{2,3}\.)?(linkedin\.com/in/|(facebook|twitter|instagram|x|github|vk)\.com/[\w.@-]+/?$|t\.me/\w+|tiktok\.com/@)', 'i')
    or regexp_full_match(v, '@[A-Za-z_][\w.]{2,29}') and not regexp_matches(v, '\.(com|io|js)$');

create temp macro pii_like_social_profile(v) as regexp_full_match(v, '\S{3,100}');

create temp macro pii_is_coordinates(v) as
    case
        when regexp_full_match(v, '[\[(]?-?[0-9]{1,2}\.[0-9]{3,}\s*[,;]\s*-?[0-9]{1,3}\.[0-9]{3,}[\])]?') then true
        else regexp_full_match(v, '(SRID=[0-9]+;)?POINT ?\(-?[0-9]{1,3}\.[0-9]{2,} -?[0-9]{1,3}\.[0-9]{2,}\)|geo:-?[0-9.]+,-?[0-9.]+|[0-9]{1,2}°\s?[0-9].*[NS].*[EWOÖ].*')
    end;

create temp macro pii_like_coordinates(v) as
    regexp_full_match(v, '[\[(]?-?[0-9]{1,3}([.,][0-9]+)?([,; ]+-?[0-9]{1,3}([.,][0-9]+)?)?[\])]?|POINT.*|.*°.*')
    and regexp_matches(v, '[.,°]');

-- A number and a word that only streets have, as a word of its own or at the end of one.
create temp macro pii_is_street_address(v) as
    case
    when length(v) not between 6 and 160 or not regexp_matches(v, '[0-9０-９一二三四]')
        or not regexp_matches(v, '\p{L}{2}') or regexp_full_match(v, '[\x21-\x7E]{20,}')
        then false
    else not regexp_matches(v, '^[/#]|://|@|[{}<>=]|[.!?] \p{L}+ \p{L}+ \p{L}+ \p{L}+ \p{L}+')
    and (
        list_has_any(pii_words(v), getvariable('pii_streets'))
            and regexp_matches(v, '^\W*[0-9]+\p{L}?,? \p{L}|\p{L}[.,]? *(n[or°º.]*\.? ?|#)?[0-9]')
        or len(list_filter(
            pii_words(v),
            lambda w: regexp_matches(w, getvariable('pii_street_endings'))
        )) > 0 and regexp_matches(v, '\p{L}[.,]? (n[or°º.]*\.? ?)?[0-9]|^[0-9]+ ')
        or regexp_matches(v, '丁目|番地|番[0-9０-９]|[0-9]+号|(로|길) ?[0-9]+|[路街道][0-9]+')
    ) end;

create temp macro pii_has_street_address(v) as
    regexp_matches(v, '(^|\s)[0-9]{1,5} (\p{Lu}[\p{L}.'']+ ){1,3}(Street|St|Avenue|Ave|Road|Rd|Lane|Drive|Court|Boulevard|Blvd)\b|\p{Lu}\p{Ll}+(straße|strasse|straat|gatan|weg|allee) [0-9]{1,4}|\b(rue|calle|via|rua|avenida|viale|ulica|ul\.) (\p{L}+ ){0,3}\p{Lu}\p{L}+,? [0-9]{1,4}');

create temp macro pii_like_street_address(v) as
    regexp_matches(v, '\p{L}{2,}') and not regexp_full_match(v, '\S+@\S+|(https?:|/)\S*|[0-9a-fA-F:.-]+|[a-z]+(_[a-z]+)+');

create temp macro pii_is_postcode(v) as
    regexp_full_match(v, '[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}|[1-9][0-9]{3} ?[A-Z]{2}|[ABCEGHJ-NPRSTVXY][0-9][A-Z] ?[0-9][A-Z][0-9]|[0-9]{5}-[0-9]{3}|[0-9]{5}-[0-9]{4}|〒?[0-9]{3}-[0-9]{4}');

create temp macro pii_like_postcode(v) as
    regexp_full_match(v, '[A-Za-z0-9]{2,8}([ -][A-Za-z0-9]{1,8})?|〒.*') and regexp_matches(v, '[0-9]');

create temp macro pii_is_gender(v) as
    case when length(v) > 24 then false else list_contains(getvariable('pii_genders'), replace(array_to_string(pii_words(v), '-'), 'non-binary', 'nonbinary')) end;

create temp macro pii_like_gender(v) as length(v) <= 24;

create temp macro pii_is_us_ssn(v) as
    regexp_full_match(v, '[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}')
    and not regexp_matches(v, '^(000|666)|-00-|0000$');

create temp macro pii_has_us_ssn(v) as
    regexp_matches(v, '(^|[\s:#])([1-57-8][0-9]{2}|0[0-9][1-9]|6[0-57-9][0-9])-(0[1-9]|[1-9][0-9])-[0-9]{4}($|[\s.,;])')
    and regexp_matches(v, '\p{L}');

create temp macro pii_is_es_dni(v) as
    case
        when regexp_full_match(pii_compact(v), '[0-9XYZ][0-9]{7}[A-HJ-NP-TV-Z]') and length(v) <= 12
            then substr(
                'TRWAGMYFPDXBNJZSQVHLCKE',
                translate(left(pii_compact(v), 8), 'XYZ', '012')::int % 23 + 1,
                1
            ) = right(pii_compact(v), 1)
        else false
    end;

create temp macro pii_has_es_dni(v) as
    regexp_matches(v, ' ')
    and len(list_filter(regexp_extract_all(v, '\b[0-9XYZ][0-9]{7}-?[A-HJ-NP-TV-Z]\b'), lambda m: pii_is_es_dni(m))) > 0;

create temp macro pii_is_it_codice_fiscale(v) as
    case
        when regexp_full_match(upper(v), '[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]')
            then list_sum(list_transform(
                range(1, 16),
                lambda i: case
                    when i % 2 = 0
                        then case when upper(v)[i] <= '9' then upper(v)[i]::int else ascii(upper(v)[i]) - 65 end
                    else [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23][
                        case when upper(v)[i] <= '9' then upper(v)[i]::int else ascii(upper(v)[i]) - 65 end + 1
                    ]
                end
            )) % 26 = ascii(upper(v)[16]) - 65
        else false
    end;

create temp macro pii_has_it_codice_fiscale(v) as
    regexp_matches(v, ' ')
    and len(list_filter(
        regexp_extract_all(v, '\b[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]\b'),
        lambda m: pii_is_it_codice_fiscale(m)
    )) > 0;

create temp macro pii_is_fr_nir(v) as
    case
        when length(v) <= 22 and regexp_full_match(pii_compact(v), '[12378][0-9]{2}(0[1-9]|1[0-2]|[2-9][0-9])([0-9]{2}|2[AB])[0-9]{8}')
            then 97 - (
                replace(replace(left(pii_compact(v), 13), '2A', '19'), '2B', '18')::bigint % 97
            ) = right(pii_compact(v), 2)::int
        else false
    end;

create temp macro pii_has_fr_nir(v) as
    regexp_matches(v, '\p{L}{3,}')
    and len(list_filter(
        regexp_extract_all(v, '\b[12] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}\b'),
        lambda m: pii_is_fr_nir(m)
    )) > 0;

create temp macro pii_is_nl_bsn(v) as
    case
        when regexp_full_match(v, '[0-9]{9}') and v <> '000000000'
            then (pii_weighed(v, [9, 8, 7, 6, 5, 4, 3, 2]) - v[9]::int) % 11 = 0
        else false
    end;

create temp macro pii_is_br_cpf(v) as
    case
        when regexp_full_match(v, '[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}|[0-9]{11}')
            then not regexp_full_match(pii_digits(v), '0{11}|1{11}|2{11}|9{11}')
                and pii_weighed(pii_digits(v), [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 = pii_digits(v)[10]::int
                and pii_weighed(pii_digits(v), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 = pii_digits(v)[11]::int
        else false
    end;

create temp macro pii_has_br_cpf(v) as
    len(list_filter(regexp_extract_all(v, '\b[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}\b'), lambda m: pii_is_br_cpf(m))) > 0;

create temp macro pii_is_gb_nino(v) as
    length(v) <= 14
    and regexp_full_match(replace(upper(v), ' ', ''), '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]')
    and not left(upper(v), 2) in ('BG', 'GB', 'NK', 'KN', 'TN', 'NT', 'ZZ');

create temp macro pii_has_gb_nino(v) as
    regexp_matches(v, '\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] [0-9]{2} [0-9]{2} [0-9]{2} [A-D]\b');

create temp macro pii_is_pl_pesel(v) as
    case
        when regexp_full_match(v, '[0-9]{2}([02468][1-9]|[13579][0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{5}')
            then pii_weighed(v, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 = 0
        else false
    end;

create temp macro pii_is_se_personnummer(v) as
    case
        when regexp_full_match(v, '(19|20)?[0-9]{2}(0[1-9]|1[0-2])([06][1-9]|[1278][0-9]|[39][01])[-+][0-9]{4}|(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{4}')
            then pii_luhn(right(pii_digits(v), 10))
        else false
    end;

create temp macro pii_has_se_personnummer(v) as
    len(list_filter(regexp_extract_all(v, '\b(?:19|20)?[0-9]{6}[-+][0-9]{4}\b'), lambda m: pii_is_se_personnummer(m))) > 0
    and regexp_matches(v, '\p{L}');

create temp macro pii_is_fi_hetu(v) as
    case
        when regexp_full_match(v, '(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]')
            then substr(
                '0123456789ABCDEFHJKLMNPRSTUVWXY', (left(v, 6) || substr(v, 8, 3))::int % 31 + 1, 1
            ) = right(v, 1)
        else false
    end;

create temp macro pii_has_fi_hetu(v) as
    len(list_filter(regexp_extract_all(v, '\b[0-9]{6}[-+A][0-9]{3}[0-9A-Y]\b'), lambda m: pii_is_fi_hetu(m))) > 0
    and regexp_matches(v, ' ');

create temp macro pii_is_be_register(v) as
    case
        when regexp_full_match(v, '[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}|[0-9]{2}(0[0-9]|1[0-2])([0-2][0-9]|3[01])[0-9]{5}')
            then right(pii_digits(v), 2)::int in (
                97 - left(pii_digits(v), 9)::bigint % 97, 97 - ('2' || left(pii_digits(v), 9))::bigint % 97
            )
        else false
    end;

create temp macro pii_has_be_register(v) as
    len(list_filter(
        regexp_extract_all(v, '\b[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}\b'), lambda m: pii_is_be_register(m)
    )) > 0;

-- Exactly one digit of the first ten comes twice or thrice.
create temp macro pii_is_de_tax_id(v) as
    case
        when length(v) <= 14 and regexp_full_match(pii_compact(v), '[1-9][0-9]{10}')
            then len(list_distinct(string_split(left(pii_compact(v), 10), ''))) between 8 and 9
                and (11 - list_reduce(
                    list_prepend(10, list_transform(string_split(left(pii_compact(v), 10), ''), lambda c: c::int)),
                    lambda a, x: case when (a + x) % 10 = 0 then 10 else (a + x) % 10 end * 2 % 11
                )) % 10 = right(pii_compact(v), 1)::int
        else false
    end;

create temp macro pii_is_ch_ahv(v) as
    case
        when regexp_full_match(v, '756\.?[0-9]{4}\.?[0-9]{4}\.?[0-9]{2}')
            then pii_weighed(pii_digits(v), [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 = 0
        else false
    end;

create temp macro pii_has_ch_ahv(v) as
    len(list_filter(regexp_extract_all(v, '\b756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}\b'), lambda m: pii_is_ch_ahv(m))) > 0;

create temp macro pii_is_cn_resident(v) as
    case
        when regexp_full_match(upper(v), '[1-8][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]')
            then substr(
                '10X98765432',
                pii_weighed(v, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])::int % 11 + 1,
                1
            ) = right(upper(v), 1)
        else false
    end;

create temp macro pii_has_cn_resident(v) as
    len(list_filter(regexp_extract_all(v, '[0-9]{17}[0-9X]'), lambda m: pii_is_cn_resident(m))) > 0 and length(v) > 19;

create temp macro pii_is_tr_tckn(v) as
    case
        when regexp_full_match(v, '[1-9][0-9]{10}')
            then ((v[1]::int + v[3]::int + v[5]::int + v[7]::int + v[9]::int) * 7
                    - (v[2]::int + v[4]::int + v[6]::int + v[8]::int) + 100) % 10 = v[10]::int
                and pii_weighed(v, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 = v[11]::int
        else false
    end;

create temp macro pii_is_in_pan(v) as regexp_full_match(v, '[A-Z]{3}P[A-Z][0-9]{4}[A-Z]');

create temp macro pii_is_mx_curp(v) as
    regexp_full_match(upper(v), '[A-Z][AEIOUX][A-Z]{2}[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[HMX][A-Z]{2}[B-DF-HJ-NP-TV-ZX]{3}[0-9A-Z][0-9]');

create temp macro pii_has_mx_curp(v) as
    length(v) > 20 and regexp_matches(v, '\b[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[0-9A-Z][0-9]\b');

create temp macro pii_is_pt_nif(v) as
    case
        when regexp_full_match(v, '[123][0-9]{8}')
            then (11 - pii_weighed(v, [9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 = v[9]::int
        else false
    end;

create temp macro pii_like_national_id(v) as
    regexp_full_match(v, '[A-Za-z0-9][A-Za-z0-9 ./+*-]{2,23}') and regexp_matches(v, '[0-9]');

create temp macro pii_like_bank_account(v) as
    regexp_full_match(v, '[A-Za-z0-9*][A-Za-z0-9 ./*-]{3,40}') and regexp_matches(v, '[0-9]');

create temp macro pii_like_vehicle(v) as
    length(v) <= 20 and regexp_full_match(v, '[\p{L}0-9][\p{L}0-9 .·-]+') and regexp_matches(v, '[0-9]');

create temp macro pii_like_user_name(v) as
    regexp_full_match(v, '\S{2,60}') and regexp_matches(v, '\p{L}') and not regexp_matches(v, '^[0-9a-fA-F-]{20,}$|://');

create temp macro pii_like_photo(v) as regexp_matches(v, '^(https?://|data:image|/)|\.(jpe?g|png|webp|gif)|^\{');

create temp macro pii_like_person_name(v) as
    length(v) <= 80 and regexp_full_match(v, '\p{L}[\p{L}\p{M}.''’`-]*([\s,&]+[\p{L}\p{M}.''’`-]+)*')
    and regexp_matches(v, '[\p{Lu}\p{Lo}]')
    and not regexp_full_match(v, '[A-Z]+(-[A-Z]+)*|[\p{L} ]+( [Gg]roup| and Sons)') or regexp_full_match(v, '[A-Z]{3,15}( [A-Z]{2,15}){1,3}');

create temp macro pii_like_place(v) as
    length(v) <= 60 and regexp_full_match(v, '\p{L}[\p{L}\p{M}0-9 .''’()/,-]*') and not regexp_matches(v, '[0-9]{3,}|^[a-z]+(_[a-z]+)+$|^(true|false)$');

create temp macro pii_like_city(v) as pii_like_place(v);
create temp macro pii_like_job_title(v) as pii_like_place(v);
create temp macro pii_like_time_zone(v) as length(v) <= 60 and regexp_matches(v, '\p{L}');
create temp macro pii_like_unit(v) as length(v) <= 20;
create temp macro pii_like_income(v) as regexp_matches(v, '[0-9]') and length(v) <= 40;
create temp macro pii_like_health(v) as length(v) > 0;
create temp macro pii_like_belief(v) as length(v) > 0;
create temp macro pii_like_ethnicity(v) as length(v) > 0;
create temp macro pii_like_sexuality(v) as length(v) > 0;
create temp macro pii_like_criminal_record(v) as length(v) > 0;

-- The year of what looks like a date, or like the year of a birth.
create temp macro pii_year(v) as
    try_cast(coalesce(
        nullif(regexp_extract(v, '^((?:18|19|20)[0-9]{2})[-/.]?[01]?[0-9][-/.]?[0-3]?[0-9]([T ].*)?$', 1), ''),
        nullif(regexp_extract(v, '^[0-3]?[0-9][-/. ]{1,2}(?:[01]?[0-9]|\p{L}{3,10}\.?)[-/. ]{1,2}((?:19|20)[0-9]{2})$', 1), ''),
        nullif(regexp_extract(v, '^\p{L}{3,10}\.? [0-3]?[0-9],? ((?:19|20)[0-9]{2})$', 1), '')
    ) as int);

create temp macro pii_day(v) as
    coalesce(
        nullif(regexp_extract(v, '^(?:18|19|20)[0-9]{2}([-/.]?[01]?[0-9][-/.]?[0-3]?[0-9])', 1), ''),
        nullif(regexp_extract(v, '^([0-3]?[0-9][-/. ]{1,2}(?:[01]?[0-9]|\p{L}{3,10}))', 1), ''),
        nullif(regexp_extract(v, '^(\p{L}{3,10}\.? [0-3]?[0-9])', 1), '')
    );

create temp macro pii_like_birth_date(v) as
    coalesce(pii_year(v) between year(current_date) - 120 and year(current_date), false)
    or regexp_full_match(v, '[0-9]{1,3}|(19|20)[0-9]{2}|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}|-?[0-9]{6,13}');

create temp macro pii_like_start(v) as
    regexp_full_match(
        v,
        '[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]{2,6}( [\p{Han}\p{Hiragana}\p{Katakana}]{1,4})?'
    )
    and (
        list_contains(getvariable('pii_starts'), left(v, 1))
        or list_contains(getvariable('pii_starts'), left(v, 2))
        or list_contains(getvariable('pii_starts'), left(v, 3))
    );
