-- Daily actives, day-7 retention and a 30-day label from one log. Serves docs/chapters/coding/events.md.
create table events (user_id varchar, happened_at timestamptz, kind varchar);

-- --8<-- [start:actives]
with days as (
  select user_id, (happened_at at time zone 'America/New_York')::date as day
  from events where user_id is not null
),
spine as (
  select day::date as day
  from generate_series($since::timestamp, $through::timestamp, interval 1 day) t(day)
)
select spine.day, count(distinct days.user_id) as users
from spine left join days using (day)
group by spine.day
order by spine.day
-- --8<-- [end:actives]

-- --8<-- [start:day-7]
with days as (
  select user_id, (happened_at at time zone 'America/New_York')::date as day
  from events where user_id is not null
),
dated as (select *, min(day) over (partition by user_id) as first from days),
users as (
  select user_id, first, bool_or(day = first + 7) as back
  from dated group by user_id, first
),
spine as (
  select day::date as day
  from generate_series($since::timestamp, $through::timestamp, interval 1 day) t(day)
)
select
  spine.day,
  count(user_id) as new,
  case when spine.day + 7 <= $through::date
       then count(user_id) filter (where back) end as back
from spine left join users on users.first = spine.day
group by spine.day
order by spine.day
-- --8<-- [end:day-7]

-- --8<-- [start:label]
with days as (
  select user_id, kind,
    (happened_at at time zone 'America/New_York')::date as day
  from events where user_id is not null
),
dated as (select *, min(day) over (partition by user_id) as first from days)
select
  user_id,
  first,
  case when first + 30 <= $through::date then
    max((kind = 'buy' and day > first and day <= first + 30)::integer) end as label
from dated
group by user_id, first
order by user_id
-- --8<-- [end:label]
