-- A feature's history, as each night would have computed it. Serves docs/chapters/coding/time.md.
create table log (
  payment_id integer, card varchar, paid_at timestamptz, known_at timestamptz
);

-- --8<-- [start:backfill]
with days as (
  select
    day::date as day,
    (day - interval 7 days) at time zone 'America/New_York' as start,
    day at time zone 'America/New_York' as stop
  from generate_series($first::timestamp, $last::timestamp, interval 1 day) t(day)
),
cards as (select distinct card from log where card is not null)
select cards.card, days.day, count(distinct log.payment_id) as n
from cards
cross join days
left join log
  on log.card = cards.card
 and log.paid_at >= days.start and log.paid_at < days.stop
 and log.known_at < days.stop
group by cards.card, days.day
order by cards.card, days.day
-- --8<-- [end:backfill]
