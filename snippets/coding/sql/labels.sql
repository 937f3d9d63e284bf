-- A label that waits until it can be final. Serves docs/chapters/coding/time.md.
create table payments (payment_id integer, paid_at timestamptz);
create table chargebacks (payment_id integer, filed_at timestamptz);

-- --8<-- [start:labels]
select
  payment_id,
  case when paid_at + to_hours(24 * ($days + $delay)::integer)
            <= $as_of::timestamptz then
    exists (
      select 1 from chargebacks c
      where c.payment_id = p.payment_id
        and c.filed_at between p.paid_at and p.paid_at + to_hours(24 * $days::integer)
    )::integer
  end as label
from payments p
order by payment_id
-- --8<-- [end:labels]
