-- How far each user came in a funnel with an order and a window. Serves docs/chapters/coding/events.md.
create table events (user_id varchar, happened_at timestamptz, kind varchar);

-- --8<-- [start:funnel]
with steps as (
  select user_id, happened_at, kind from events
  where user_id is not null and kind in ('view', 'cart', 'buy')
)
select
  one.user_id,
  max(case when buy.kind is not null then 3
           when cart.kind is not null then 2
           when one.kind = 'view' then 1
           else 0 end) as done
from steps one
left join steps cart
  on one.kind = 'view' and cart.kind = 'cart' and cart.user_id = one.user_id
 and cart.happened_at >= one.happened_at
 and cart.happened_at <= one.happened_at + interval 24 hours
left join steps buy
  on buy.kind = 'buy' and buy.user_id = cart.user_id
 and buy.happened_at >= cart.happened_at
 and buy.happened_at <= one.happened_at + interval 24 hours
group by one.user_id
order by one.user_id
-- --8<-- [end:funnel]
