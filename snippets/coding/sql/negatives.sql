-- Negatives that were on sale at the moment of the purchase. Serves docs/chapters/coding/time.md.
create table purchases (purchase_id integer, item varchar, bought_at timestamptz);
create table listings (item varchar, listed_at timestamptz, sold_at timestamptz);

-- --8<-- [start:negatives]
with shown as (
  select distinct p.purchase_id, l.item
  from purchases p
  join listings l
    on l.listed_at < p.bought_at
   and (l.sold_at is null or l.sold_at >= p.bought_at)
   and l.item <> p.item
)
select purchase_id, item from shown
qualify row_number() over (
  partition by purchase_id order by md5(purchase_id || '|' || item)
) <= $k
order by purchase_id, item
-- --8<-- [end:negatives]
