-- Weekly cohorts by weeks since, with what is not over yet missing. Serves docs/chapters/coding/events.md.
create table visits (user_id varchar, day date);

-- --8<-- [start:triangle]
with weeks as (
  select distinct user_id, date_trunc('week', day)::date as week
  from visits where user_id is not null
),
seen as (
  select *, min(week) over (partition by user_id) as cohort from weeks
),
cells as (
  select cohort::date as cohort, age::integer as age,
    cohort::date + 7 * age::integer as week
  from generate_series(
    $since::timestamp, $through::timestamp - interval 6 days, interval 7 days
  ) c(cohort)
  cross join generate_series(0, $ages::integer) a(age)
)
select
  cells.cohort,
  cells.age,
  case when cells.week + 6 <= $through::date then count(seen.user_id) end as users
from cells
left join seen on seen.cohort = cells.cohort and seen.week = cells.week
group by cells.cohort, cells.age, cells.week
order by cells.cohort, cells.age
-- --8<-- [end:triangle]
