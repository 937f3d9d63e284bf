-- The best-selling items of each category and week, ties kept. Serves docs/chapters/coding/events.md.
create table sales (
  sale_id integer, category varchar, item varchar, sold_at timestamptz
);

-- --8<-- [start:top]
with counts as (
  select
    date_trunc('week', sold_at at time zone 'America/New_York')::date as week,
    category, item, count(distinct sale_id) as n
  from sales
  group by all
),
ranked as (
  select *, rank() over (partition by week, category order by n desc) as place
  from counts
)
select week, category, item, n, place
from ranked
where place <= $k::integer
order by week, category nulls last, place, item
-- --8<-- [end:top]
