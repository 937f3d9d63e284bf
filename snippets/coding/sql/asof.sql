-- The newest fact strictly before a moment. Serves docs/chapters/coding/time.md.
create table decisions (
  payment_id integer, card varchar, paid_at timestamptz
);
create table limits (
  version integer, card varchar, set_at timestamptz, dollars double
);

-- --8<-- [start:before]
with one_per_instant as (  -- or asof picks one of several equal times
  select * from limits
  qualify row_number() over (partition by card, set_at order by version desc) = 1
)
select
  payment_id,
  case when fresh then set_at end as set_at,
  case when fresh then dollars end as dollars
from (
  select d.payment_id, l.set_at, l.dollars,
         l.set_at >= d.paid_at - to_hours(24 * $days::integer) as fresh
  from decisions d
  asof left join one_per_instant l
    on d.card = l.card and d.paid_at > l.set_at
)
order by payment_id
-- --8<-- [end:before]
