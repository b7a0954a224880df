{#
    The first letter and the consonants after it, those that sound alike written one way, doubled ones
    once. Of a name in another alphabet, the name.
#}

{% macro sound_key(name) -%}
    {%- set alike = "translate(replace(replace(replace(replace(" ~ name
        ~ ", 'ph', 'f'), 'ck', 'k'), 'gh', 'g'), 'sch', 's'), 'cqzwyj', 'kksvii')" -%}
    {%- set consonants = "left(" ~ alike ~ ", 1) || "
        ~ replace_pattern("substr(" ~ alike ~ ", 2)", "'[aeiouh ]'", "''") -%}
    {{ 'replace(' * 12 }}{{ consonants }}
    {%- for letter in 'bdfgklmnprst' %}, '{{ letter * 2 }}', '{{ letter }}'){% endfor %}
{%- endmacro %}
