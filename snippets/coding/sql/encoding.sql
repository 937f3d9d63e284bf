-- A merchant's fraud rate from the labels that were known. Serves docs/chapters/coding/time.md.
create table payments (
  payment_id integer, merchant varchar, paid_at timestamptz, known_at timestamptz,
  fraud boolean
);

-- --8<-- [start:rates]
select
  p.payment_id,
  (count(k.fraud) filter (k.fraud) + $weight::double * $prior::double)
    / (count(k.fraud) + $weight::double) as rate
from payments p
left join payments k
  on k.merchant = p.merchant and k.known_at < p.paid_at
group by p.payment_id
order by p.payment_id
-- --8<-- [end:rates]
