-- One statement from blank line to blank line, as applications write them: parameters, a few joins, now and then a report.

select id, name, email, created_at from users where id = @id

SELECT u.id, u.email, u.password_hash, u.locked_until FROM users u WHERE lower(u.email) = lower(@email) AND u.deleted_at IS NULL LIMIT 1

select exists(select 1 from users where email = $1)

select count(*) from orders where customer_id = @customerId and status <> 'cancelled'

SELECT o.id, o.number, o.status, o.total, o.currency, o.placed_at, c.name AS customer_name
FROM orders o
JOIN customers c ON c.id = o.customer_id
WHERE o.placed_at >= @since AND o.placed_at < @until
ORDER BY o.placed_at DESC
LIMIT @take OFFSET @skip

INSERT INTO orders (id, number, customer_id, status, total, currency, placed_at)
VALUES (@id, @number, @customerId, 'new', @total, @currency, now())
RETURNING id

insert into order_lines (order_id, position, product_id, quantity, unit_price)
select @orderId, l.position, l.product_id, l.quantity, p.price
from jsonb_to_recordset(@lines::jsonb) as l(position int, product_id uuid, quantity int)
join products p on p.id = l.product_id

UPDATE orders SET status = @status, updated_at = now(), version = version + 1 WHERE id = @id AND version = @version

delete from sessions where expires_at < now() - interval '30 days'

INSERT INTO stock (product_id, warehouse_id, quantity) VALUES (@productId, @warehouseId, @quantity)
ON CONFLICT (product_id, warehouse_id) DO UPDATE SET quantity = stock.quantity + excluded.quantity, updated_at = now()

select p.id, p.sku, p.title, p.price, coalesce(s.quantity, 0) as in_stock
from products p
left join lateral (
    select sum(quantity) as quantity from stock where stock.product_id = p.id
) s on true
where p.category_id = any(@categories) and p.price between @low and @high
order by p.title
limit 50

SELECT * FROM jobs WHERE state = 'queued' AND run_at <= now() ORDER BY priority DESC, run_at FOR UPDATE SKIP LOCKED LIMIT 10

with picked as (
    select id from outbox where sent_at is null order by id limit 100 for update skip locked
)
update outbox o set sent_at = now() from picked where o.id = picked.id returning o.id, o.topic, o.payload

WITH RECURSIVE tree AS (
    SELECT id, parent_id, name, 1 AS depth, ARRAY[id] AS path
    FROM categories WHERE parent_id IS NULL
    UNION ALL
    SELECT c.id, c.parent_id, c.name, t.depth + 1, t.path || c.id
    FROM categories c JOIN tree t ON c.parent_id = t.id
)
SELECT id, name, depth FROM tree ORDER BY path

-- Revenue by month and country, with the month before.
select
    date_trunc('month', o.placed_at) as month,
    a.country,
    count(*) as orders,
    sum(o.total) as revenue,
    sum(o.total) - lag(sum(o.total)) over (partition by a.country order by date_trunc('month', o.placed_at)) as change,
    round(100.0 * count(*) filter (where o.status = 'returned') / nullif(count(*), 0), 2) as returned_percent
from orders o
join addresses a on a.id = o.shipping_address_id
where o.placed_at >= date_trunc('year', now()) /* this year only */
group by 1, 2
having sum(o.total) > 0
order by 1, 4 desc

select u.id, u.name, max(l.at) as last_login
from users u left join logins l on l.user_id = u.id
where u.tenant_id = @tenantId
group by u.id, u.name
having max(l.at) is null or max(l.at) < now() - interval '90 days'

SELECT t.id, t.title, ts_rank(t.search, q) AS rank, ts_headline('english', t.body, q, 'MaxFragments=2')
FROM articles t, websearch_to_tsquery('english', @query) q
WHERE t.search @@ q
ORDER BY rank DESC
LIMIT 20

select data->>'name' as name, data#>>'{address,city}' as city, jsonb_array_length(data->'tags') as tags
from documents
where data @> @filter::jsonb and not (data ? 'archived')

insert into audit_log (at, user_id, action, entity, entity_id, before, after)
values (clock_timestamp(), $1, $2, $3, $4, $5::jsonb, $6::jsonb)

select nextval('invoice_number_seq')

SELECT pg_advisory_xact_lock(hashtext(@key))

begin

commit

set local statement_timeout = '5s'

select "Id", "UserName", "NormalizedUserName", "Email", "EmailConfirmed", "PasswordHash", "SecurityStamp", "ConcurrencyStamp", "PhoneNumber", "TwoFactorEnabled", "LockoutEnd", "LockoutEnabled", "AccessFailedCount" from "AspNetUsers" where "NormalizedUserName" = @normalizedUserName limit 1

SELECT o."Id", o."CustomerId", o."PlacedAt", o."Status", o0."Id", o0."OrderId", o0."ProductId", o0."Quantity", o0."UnitPrice"
FROM "Orders" AS o
LEFT JOIN "OrderLines" AS o0 ON o."Id" = o0."OrderId"
WHERE o."CustomerId" = @__customerId_0 AND o."PlacedAt" >= @__since_1
ORDER BY o."PlacedAt" DESC, o."Id"

MERGE INTO inventory i USING deliveries d ON i.sku = d.sku
WHEN MATCHED THEN UPDATE SET quantity = i.quantity + d.quantity
WHEN NOT MATCHED THEN INSERT (sku, quantity) VALUES (d.sku, d.quantity)

copy (select id, email from users where newsletter) to stdout with (format csv, header)

explain (analyze, buffers, format json) select * from orders where customer_id = 42

create index concurrently if not exists ix_orders_customer on orders (customer_id) where status <> 'cancelled'

alter table users add column if not exists last_seen_at timestamptz

select case
    when o.total >= 1000 then 'large'
    when o.total >= 100 then 'medium'
    else 'small'
end as size, count(*), array_agg(distinct o.currency) as currencies
from orders o
where o.placed_at::date = current_date and o.note not like '%test%' and o.note <> 'it''s a "test"; delete it'
group by 1

SELECT s.name, s.started_at, extract(epoch from (coalesce(s.finished_at, now()) - s.started_at))::int AS seconds
FROM job_runs s
WHERE s.started_at > now() - make_interval(hours => @hours)
ORDER BY s.started_at

select m.id, m.subject, m.sent_at, exists (select 1 from message_reads r where r.message_id = m.id and r.user_id = @userId) as is_read
from messages m
where m.thread_id = @threadId and (m.sent_at, m.id) < (@beforeAt, @beforeId)
order by m.sent_at desc, m.id desc
fetch first 30 rows only

with totals as (
    select product_id, sum(quantity) as sold from order_lines l join orders o on o.id = l.order_id
    where o.placed_at >= now() - interval '7 days' group by product_id
), ranked as (
    select product_id, sold, rank() over (order by sold desc) as place from totals
)
select p.title, r.sold, r.place from ranked r join products p using (id) where r.place <= 10
union all
select 'others', sum(sold), null from ranked where place > 10

select a.id, st_asgeojson(a.location) as geo from areas a where st_dwithin(a.location, st_makepoint($1, $2)::geography, $3)

insert into tags (name) values ('a'), ('b'), ('c'), ('d'), ('e'), ('f'), ('g'), ('h') on conflict (name) do nothing

select schema_name, version, applied_at from schema_migrations order by applied_at desc limit 1

SELECT r.id, r.starts_at, r.ends_at, string_agg(g.name, ', ' ORDER BY g.name) AS guests
FROM reservations r
INNER JOIN reservation_guests rg ON rg.reservation_id = r.id
INNER JOIN guests g ON g.id = rg.guest_id
WHERE tstzrange(r.starts_at, r.ends_at) && tstzrange(@since, @until) AND r.room_id IN (1, 2, 3, 5, 8, 13)
GROUP BY r.id, r.starts_at, r.ends_at

truncate table import_rows restart identity

delete from carts c using customers u where u.id = c.customer_id and u.deleted_at is not null returning c.id

select id, e'line one\nline two', $body$text with 'quotes' and ; semicolons$body$, u&'d\0061t\+000061' from notes where id = 1
