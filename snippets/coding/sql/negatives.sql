-- Negatives that were on sale at the moment of the purchase. Serves docs/chapters/coding/time.md.
create table purchases (
  purchase_id integer, buyer varchar, item varchar, bought_at timestamptz
);
create table listings (item varchar, listed_at timestamptz, sold_at timestamptz);

-- --8<-- [start:negatives]
with stays as (
  select item, listed_at, min(sold_at) as sold_at  -- min skips nulls
  from listings
  where item is not null
  group by item, listed_at
),
shown as (
  select distinct p.purchase_id, s.item
  from purchases p
  join stays s
    on s.listed_at < p.bought_at
   and (s.sold_at is null or s.sold_at >= p.bought_at)
  where not exists (
    select 1 from purchases own
    where own.buyer = p.buyer and own.bought_at = p.bought_at and own.item = s.item
  )
)
select purchase_id, item from shown
qualify row_number() over (
  partition by purchase_id order by md5(purchase_id || '|' || item)
) <= $k
order by purchase_id, item
-- --8<-- [end:negatives]
