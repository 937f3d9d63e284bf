-- Distinct users of a rolling 30 days. Serves docs/chapters/coding/events.md.
create table visits (user_id varchar, day date);

-- --8<-- [start:rolling]
with days as (
  select distinct user_id, day from visits where user_id is not null
),
stretches as (
  select day as start, least(day + 30, lead(day) over
    (partition by user_id order by day)) as stop
  from days
),
spine as (
  select day::date as day
  from generate_series($since::timestamp, $through::timestamp, interval 1 day) t(day)
)
select spine.day, count(stretches.start) as users
from spine
left join stretches on start <= spine.day and spine.day < stop
group by spine.day
order by spine.day
-- --8<-- [end:rolling]

-- --8<-- [start:slow]
with spine as (
  select day::date as day
  from generate_series($since::timestamp, $through::timestamp, interval 1 day) t(day)
)
select spine.day, count(distinct visits.user_id) as users
from spine
left join visits
  on visits.day > spine.day - 30 and visits.day <= spine.day
  and visits.user_id is not null
group by spine.day
order by spine.day
-- --8<-- [end:slow]
