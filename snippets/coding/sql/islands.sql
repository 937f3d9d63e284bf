-- Streaks of active days: gaps and islands. Serves docs/chapters/coding/events.md.
create table visits (user_id varchar, visited_at timestamptz);

-- --8<-- [start:streaks]
with days as (
  select distinct user_id, (visited_at at time zone 'America/New_York')::date as day
  from visits where user_id is not null
),
islands as (
  select *, day - row_number() over (partition by user_id order by day)::integer
    as island
  from days
)
select user_id, min(day) as first, max(day) as last, count(*) as days
from islands
group by user_id, island
order by user_id, first
-- --8<-- [end:streaks]

-- --8<-- [start:gaps]
with days as (
  select distinct user_id, (visited_at at time zone 'America/New_York')::date as day
  from visits where user_id is not null
),
pairs as (
  select *, lead(day) over (partition by user_id order by day) as following
  from days where day <= $through::date
)
select
  user_id,
  day + 1 as first,
  coalesce(following - 1, $through::date) as last,
  following is null as still_away
from pairs
where coalesce(following, $through::date + 1) > day + 1
order by user_id, first
-- --8<-- [end:gaps]
