-- Net revenue of monthly cohorts, equally observed. Serves docs/chapters/coding/events.md.
create table orders (
  order_id integer, buyer varchar, ordered_at timestamptz, amount double
);
create table refunds (
  refund_id integer, order_id integer, refunded_at timestamptz, amount double
);

-- --8<-- [start:revenue]
with once as (
  select distinct order_id, buyer, amount,
    (ordered_at at time zone 'America/New_York')::date as day
  from orders where buyer is not null
),
dated as (select *, min(day) over (partition by buyer) as first from once),
back as (  -- one row an order, or the join multiplies orders
  select dated.order_id, sum(r.amount) as amount
  from dated
  join (select distinct * from refunds) r using (order_id)
  where (r.refunded_at at time zone 'America/New_York')::date <= day + 30
  group by dated.order_id
),
cohorts as (
  select
    date_trunc('month', first)::date as month,
    count(distinct buyer) as buyers,
    sum(dated.amount - coalesce(back.amount, 0)) filter (day < first + 30) as net
  from dated left join back using (order_id)
  group by month
)
select month, buyers,
  case when last_day(month) + 59 <= $through::date then net end as net
from cohorts
order by month
-- --8<-- [end:revenue]
