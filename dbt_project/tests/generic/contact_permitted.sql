{% test contact_permitted(model, purpose, channel) %}

select synced.customer_id
from {{ model }} as synced
left join {{ ref('customer_contactability') }} as contactability
    on
        synced.customer_id = contactability.customer_id
        and contactability.purpose = '{{ purpose }}'
        and contactability.channel = '{{ channel }}'
where contactability.may_contact is distinct from true

{% endtest %}
