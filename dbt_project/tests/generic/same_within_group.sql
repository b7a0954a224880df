{% test same_within_group(model, group_by, columns) %}

select
    {{ group_by | join(',\n    ') }}
from {{ model }}
group by
    {{ group_by | join(',\n    ') }}
having
    count(distinct ({{ columns | join(', ') }})) > 1

{% endtest %}
