-- The median latency of each route, when some calls never answered. Serves docs/chapters/coding/events.md.
create table calls (call_id integer, route varchar, ms double);

-- --8<-- [start:medians]
with once as (
  select distinct call_id, route, coalesce(ms, 'infinity'::double) as ms
  from calls where route is not null
),
middles as (
  select route, count(*) as n, median(ms) as middle from once group by route
)
select route, n, case when isfinite(middle) then middle end as middle
from middles
order by route
-- --8<-- [end:medians]
