-- Sessions by a gap of 30 minutes. Serves docs/chapters/coding/events.md.
create table clicks (click_id integer, user_id varchar, clicked_at timestamptz);

-- --8<-- [start:sessions]
with once as (
  select distinct click_id, user_id, clicked_at
  from clicks where user_id is not null
),
marked as (
  select *, case when clicked_at > interval 30 minutes + lag(clicked_at) over past
                 then 1 else 0 end as opens
  from once
  window past as (partition by user_id order by clicked_at)
),
numbered as (
  select *, sum(opens) over (partition by user_id order by clicked_at) as number
  from marked
)
select user_id, min(clicked_at) as start, max(clicked_at) as stop, count(*) as n
from numbered
group by user_id, number
order by user_id, start
-- --8<-- [end:sessions]
