-- A rolling window that ends before the present. Serves docs/chapters/coding/time.md.
create table payments (
  payment_id integer, card varchar, paid_at timestamptz, amount double
);

-- --8<-- [start:last-day]
select
  payment_id,
  case when card is not null then count(*) over past end as n,
  case when card is not null then coalesce(sum(amount) over past, 0) end as dollars
from payments
window past as (
  partition by card order by paid_at
  range between interval 24 hours preceding
            and interval 1 microsecond preceding
)
order by payment_id
-- --8<-- [end:last-day]
