-- The newest version of each record when updates come late. Serves docs/chapters/coding/time.md.
create table updates (
  line integer, payment varchar, changed_at timestamptz, loaded_at timestamptz,
  status varchar
);

-- --8<-- [start:newest]
with first_loads as (
  select * from updates
  where payment is not null and loaded_at <= $as_of::timestamptz
  qualify row_number() over (
    partition by payment, changed_at, status order by loaded_at, line
  ) = 1
),
newest as (
  select payment, status from first_loads
  qualify row_number() over (
    partition by payment
    order by changed_at desc nulls last, loaded_at desc, line desc
  ) = 1
)
select payment, status from newest
where status is not null
order by payment
-- --8<-- [end:newest]
