{# A name taken apart wrongly greets Mr Jr, and links nobody to the records of theirs. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

name_words as (

    select * from {{ ref('name_words') }}

),

cases (
    full_name, given_name, middle_name, family_name, name_suffix,
    expected_title, expected_given, expected_middle, expected_family, expected_suffix
) as (

    values
    -- as it should be
    (null, 'Ann', null, 'Lee', null, null, 'Ann', null, 'Lee', null),
    (null, 'Ann', 'Q', 'Lee', null, null, 'Ann', 'Q', 'Lee', null),
    (null, null, null, null, null, null, null, null, null, null),
    (null, 'Ann', null, null, null, null, 'Ann', null, null, null),
    (null, 'DeShawn', null, 'McDonald', null, null, 'DeShawn', null, 'McDonald', null),
    (null, 'Renée', null, 'Škoda', null, null, 'Renée', null, 'Škoda', null),

    -- case
    (null, 'ann', null, 'LEE', null, null, 'Ann', null, 'Lee', null),
    (null, 'MARY-JANE', null, 'O''BRIEN', null, null, 'Mary-Jane', null, 'O''Brien', null),
    (null, 'ANN', null, 'MCDONALD', null, null, 'Ann', null, 'McDonald', null),
    (null, 'élise', null, 'de la cruz', null, null, 'Élise', null, 'de la Cruz', null),
    (null, 'JAN', null, 'VAN DER BERG', null, null, 'Jan', null, 'van der Berg', null),
    (null, 'JP', null, 'Morgan', null, null, 'JP', null, 'Morgan', null),
    (null, 'JP', null, 'MORGAN', null, null, 'JP', null, 'Morgan', null),
    (null, 'ED', null, 'LEE', null, null, 'Ed', null, 'Lee', null),
    (null, 'ED', null, 'Lee', null, null, 'ED', null, 'Lee', null),
    (null, 'LINH', null, 'NG', null, null, 'Linh', null, 'Ng', null),
    (null, 'Ann', null, 'LEE', null, null, 'Ann', null, 'Lee', null),

    -- titles, suffixes, initials in a name's column
    (null, 'Dr. Ann', null, 'Lee', null, 'Dr', 'Ann', null, 'Lee', null),
    (null, 'mrs', null, 'Lee', null, 'Mrs', null, null, 'Lee', null),
    (null, 'Ann', null, 'Lee Jr.', null, null, 'Ann', null, 'Lee', 'Jr'),
    (null, 'Ann', null, 'Lee, PhD', null, null, 'Ann', null, 'Lee', 'PhD'),
    (null, 'Ann', null, 'Lee', 'JR.', null, 'Ann', null, 'Lee', 'Jr'),
    (null, 'Ann', null, 'Lee Jr', 'Jr.', null, 'Ann', null, 'Lee', 'Jr'),
    (null, 'Mary Ann', null, 'Lee', null, null, 'Mary Ann', null, 'Lee', null),
    (null, 'Ann Q.', null, 'Lee', null, null, 'Ann', 'Q.', 'Lee', null),
    (null, 'Ann Q.', 'Rose', 'Lee', null, null, 'Ann Q.', 'Rose', 'Lee', null),
    (null, 'J. R. R.', null, 'Tolkien', null, null, 'J.', 'R. R.', 'Tolkien', null),
    (null, null, null, 'Lee, Ann', null, null, 'Ann', null, 'Lee', null),
    (null, null, null, 'Lee, Jr.', null, null, null, null, 'Lee', 'Jr'),
    (null, 'Lee, Ann', null, null, null, null, 'Ann', null, 'Lee', null),

    -- as one text
    ('Ann Lee', null, null, null, null, null, 'Ann', null, 'Lee', null),
    ('Ann', null, null, null, null, null, null, null, null, null),
    ('ANN MARIE LEE', null, null, null, null, null, 'Ann', 'Marie', 'Lee', null),
    ('Lee, Ann Q.', null, null, null, null, null, 'Ann', 'Q.', 'Lee', null),
    ('LEE, ANN, JR', null, null, null, null, null, 'Ann', null, 'Lee', 'Jr'),
    ('van der Berg, Dr. Jan', null, null, null, null, 'Dr', 'Jan', null, 'van der Berg', null),
    ('Lee, J.R.', null, null, null, null, null, 'J.R.', null, 'Lee', null),
    ('Ann Lee, Ph.D.', null, null, null, null, null, 'Ann', null, 'Lee', 'PhD'),
    ('Ann Lee, PhD', null, null, null, null, null, 'Ann', null, 'Lee', 'PhD'),
    ('Martin Luther King Jr.', null, null, null, null, null, 'Martin', 'Luther', 'King', 'Jr'),
    ('Dr. med. Hans Maier', null, null, null, null, 'Dr med.', 'Hans', null, 'Maier', null),
    ('Mr.Smith', null, null, null, null, 'Mr', null, null, 'Smith', null),
    ('Ms. Lee', null, null, null, null, 'Ms', null, null, 'Lee', null),
    ('Sra. Ana García', null, null, null, null, 'Sra', 'Ana', null, 'García', null),
    ('Ludwig van Beethoven', null, null, null, null, null, 'Ludwig', null, 'van Beethoven', null),
    ('Van Morrison', null, null, null, null, null, 'Van', null, 'Morrison', null),
    ('María de la Cruz', null, null, null, null, null, 'María', null, 'de la Cruz', null),
    ('José Ortega y Gasset', null, null, null, null, null, 'José', null, 'Ortega y Gasset', null),
    ('William "Bill" Gates', null, null, null, null, null, 'William', null, 'Gates', null),
    ('Robert (Bob) Jones', null, null, null, null, null, 'Robert', null, 'Jones', null),
    ('DUPONT Jean', null, null, null, null, null, 'Jean', null, 'Dupont', null),
    ('JP Morgan', null, null, null, null, null, 'JP', null, 'Morgan', null),
    ('J.R.R.Tolkien', null, null, null, null, null, 'J.R.R.', null, 'Tolkien', null),

    -- open, or not ours to change
    ('Ann & Bob Lee', null, null, null, null, null, null, null, null, null),
    ('Ann and Bob Lee', null, null, null, null, null, null, null, null, null),
    ('Lee, Ann, Bob', null, null, null, null, null, null, null, null, null),
    ('Иванов Иван', null, null, null, null, null, null, null, null, null),
    ('山田 太郎', null, null, null, null, null, null, null, null, null),
    (null, 'ИВАН', null, 'ИВАНОВ', null, null, 'ИВАН', null, 'ИВАНОВ', null),
    (null, '太郎', null, '山田', null, null, '太郎', null, '山田', null)

),

written as (

    select * from cases

),

results as (

    select
        cases.*,
        parts.title,
        parts.given,
        parts.middle,
        parts.family,
        parts.suffix
    from cases
    left join {{ read_names('written') }} as parts
        on
            cases.full_name is not distinct from parts.full_name
            and cases.given_name is not distinct from parts.given_name
            and cases.middle_name is not distinct from parts.middle_name
            and cases.family_name is not distinct from parts.family_name
            and cases.name_suffix is not distinct from parts.name_suffix

)

select * from results
where
    title is distinct from expected_title
    or given is distinct from expected_given
    or middle is distinct from expected_middle
    or family is distinct from expected_family
    or suffix is distinct from expected_suffix
