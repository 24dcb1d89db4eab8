create schema app;
create schema audit;
create schema reports;
create type app.mood as enum ('sad', 'ok', 'happy');
create sequence app.numbers;
create unlogged sequence app.fast_numbers;
create table app.customers (id bigint primary key, name text not null, mood app.mood);
create table app.appointments (id bigint primary key, customer_id bigint not null references app.customers on delete cascade, starts_at timestamptz not null, note varchar(200));
create table app.reminders (id bigint primary key, appointment_id bigint references app.appointments on delete set null on update cascade);
create table audit.entries (id bigint generated always as identity, what text);
create unlogged table app.cache (key text primary key, value text);
create table app.events (day date not null, what text) partition by range (day);
create table app.events_2026 partition of app.events for values from ('2026-01-01') to ('2027-01-01');
create table app.metrics (day date not null) partition by range (day);
create unlogged table app.metrics_2026 partition of app.metrics for values from ('2026-01-01') to ('2027-01-01');
create table app.animals (name text);
create table app.dogs (breed text) inherits (app.animals);
create table app.discarded (id int);
create rule discard as on insert to app.discarded do instead nothing;
create rule discard_update as on update to app.discarded do instead nothing;
create table app.partly (id int);
create rule discard_some as on insert to app.partly where new.id < 0 do instead nothing;
create table app.copied (id int);
create rule also_audit as on insert to app.copied do also insert into audit.entries (what) values ('copied');
insert into app.customers values (1, 'Ada', 'ok');
insert into app.appointments values (1, 1, '2026-01-02', 'x');
create table public."Odd ""Name""" ("A" int);
insert into public."Odd ""Name""" values (1);

-- functions of SQL
create function app.sql_constant() returns int immutable language sql as 'select 1';
create function app.sql_reads() returns bigint stable language sql as 'select count(*) from app.customers';
create function app.sql_standard(a int) returns int stable language sql return a + (select count(*) from app.customers)::int;
create function app.sql_atomic() returns bigint stable language sql begin atomic select 1; select case when true then count(*) end from app.appointments; end;
create function app.sql_atomic_writes() returns void language sql begin atomic insert into audit.entries (what) values ('x'); end;
create function app.sql_nextval() returns bigint language sql return nextval('app.numbers');
create function app.sql_writes() returns void language sql as $$ insert into audit.entries (what) values ('x') $$;
create function app.sql_with_writes() returns bigint language sql as $$ with w as (delete from audit.entries where false returning 1) select count(*) from w $$;
create function app.sql_locks() returns bigint language sql as 'select id from app.customers for update';
create function app.sql_unlogged() returns bigint stable language sql as 'select count(*) from app.cache';
create function app.sql_temp() returns void language sql as 'create temp table x (a int)';
create function app.sql_notify() returns void language sql as $$ select pg_notify('c', 'x') $$;
create function app.sql_table() returns table (id bigint, name text) stable language sql as 'select id, name from app.customers';
create function app.sql_table_writes() returns setof audit.entries language sql as $$ insert into audit.entries (what) values ('x') returning * $$;

-- functions of PL/pgSQL
create function app.pl_nothing() returns void language plpgsql as 'begin end';
create function app.pl_reads() returns bigint language plpgsql as $$ declare n bigint; begin select count(*) into strict n from app.customers c; return n; end $$;
create function app.pl_inserts() returns void language plpgsql as $$ begin insert into audit.entries (what) values ('x'); end $$;
create function app.pl_returning() returns bigint language plpgsql as $$ declare n bigint; begin insert into audit.entries (what) values ('x') returning id into n; return n; end $$;
create function app.pl_declares() returns bigint language plpgsql as $$ declare n bigint := nextval('app.numbers'); begin return n; end $$;
create function app.pl_assigns() returns bigint language plpgsql as $$ declare n bigint; begin n := nextval('app.numbers'); return n; end $$;
create function app.pl_performs() returns void language plpgsql as $$ begin perform nextval('app.numbers'); end $$;
create function app.pl_loops() returns int language plpgsql as $$
declare r record; n int := 0; a int[] := array[1, 2]; x int;
begin
  for r in select * from app.customers loop n := n + 1; end loop;
  for i in reverse 3..1 by 1 loop n := n + i; continue when n > 100; end loop;
  foreach x in array a loop n := n + x; end loop;
  <<outer>> while n < 50 loop n := n + 10; exit outer when n > 40; end loop outer;
  for r in execute 'select 1 as a' loop n := n + r.a; end loop;
  case n when 1, 2 then n := 0; else n := n + (case when n > 0 then 1 else 0 end); end case;
  return n;
end $$;
create function app.pl_loop_writes() returns int language plpgsql as $$ declare n int := 0; begin for n in insert into audit.entries (what) values ('x') returning 1 loop null; end loop; return n; end $$;
create function app.pl_while_writes() returns void language plpgsql as $$ begin while nextval('app.numbers') < 0 loop null; end loop; end $$;
create function app.pl_if_writes() returns void language plpgsql as $$ begin if (select count(*) from app.customers) >= 0 then update audit.entries set what = 'y'; end if; end $$;
create function app.pl_raises() returns void language plpgsql as $$ begin raise notice 'customers: %', (select count(*) from app.customers) using hint = 'none'; end $$;
create function app.pl_raise_writes() returns void language plpgsql as $$ begin raise notice '%', nextval('app.numbers'); end $$;
create function app.pl_executes() returns bigint language plpgsql as $$ declare n bigint; begin execute 'select count(*) from app.customers where id > $1' into n using 0; return n; end $$;
create function app.pl_executes_write() returns void language plpgsql as $$ begin execute 'delete from audit.entries'; end $$;
create function app.pl_executes_format() returns bigint language plpgsql as $$ declare n bigint; begin execute format('select count(*) from app.customers where name = %L', 'a') into n; return n; end $$;
create function app.pl_executes_format_write() returns void language plpgsql as $$ begin execute format('truncate %I.entries', 'audit'); end $$;
create function app.pl_executes_anything(q text) returns void language plpgsql as $$ begin execute q; end $$;
create function app.pl_cursor() returns text language plpgsql as $$ declare c cursor (k bigint) for select name from app.customers where id = k; x text; begin open c(1); fetch c into x; close c; return x; end $$;
create function app.pl_cursor_writes() returns void language plpgsql as $$ declare c refcursor; x bigint; begin open c for select nextval('app.numbers'); fetch next from c into x; close c; end $$;
create function app.pl_cursor_for() returns int language plpgsql as $$ declare c cursor for select id from app.customers; n int := 0; begin for r in c loop n := n + 1; end loop; return n; end $$;
create function app.pl_query() returns setof text language plpgsql as $$ begin return query select name from app.customers; return next 'x'; return query execute 'select name from app.customers'; end $$;
create function app.pl_query_writes() returns setof text language plpgsql as $$ begin return query insert into audit.entries (what) values ('x') returning what; end $$;
create function app.pl_handles() returns int language plpgsql as $$ declare m text; begin return 1 / 0; exception when division_by_zero or sqlstate '22003' then get stacked diagnostics m = message_text; return 0; end $$;
create function app.pl_handler_writes() returns void language plpgsql as $$ begin perform 1 / 0; exception when others then insert into audit.entries (what) values (sqlerrm); end $$;
create function app.pl_swallows() returns void language plpgsql as $$ begin insert into audit.entries (what) values ('x'); exception when others then null; end $$;
create function app.pl_do() returns void language plpgsql as $$ begin do $d$ begin perform nextval('app.numbers'); end $d$; end $$;
create function app.pl_assert() returns void language plpgsql as $$ begin assert (select count(*) from app.customers) >= 0, 'none'; null; end $$;
create function app.pl_lock() returns void language plpgsql as $$ begin lock table app.customers; end $$;
create function app.pl_advisory() returns void language plpgsql as $$ begin perform pg_advisory_xact_lock(1); end $$;
create function app.pl_options() returns int language plpgsql as $$
#variable_conflict use_column
<<main>> declare id int := 1; begin return main.id; end main $$;
create function app.pl_path() returns bigint language plpgsql set search_path = audit, pg_temp as $$ begin insert into entries (what) values ('x'); return 1; end $$;
create function reports.helper() returns int language sql as $$ insert into audit.entries (what) values ('x') returning 1 $$;
create function app.helper() returns int immutable language sql as 'select 1';
create function app.pl_other_path() returns int language plpgsql set search_path = reports as $$ begin return helper(); end $$;

-- who calls whom
create function app.calls_read() returns bigint language sql as 'select app.sql_reads()';
create function app.calls_write() returns void language plpgsql as $$ begin perform app.sql_writes(); end $$;
create function app.calls_deep() returns void language sql as 'select app.calls_write()';
create function app.even(n int) returns boolean language plpgsql as $$ begin return case when n = 0 then true else app.odd(n - 1) end; end $$;
create function app.odd(n int) returns boolean language plpgsql as $$ begin return case when n = 0 then false else app.even(n - 1) end; end $$;
create function app.overloaded(a int) returns int language sql as 'select 1';
create function app.overloaded(a int, b int) returns int language sql as $$ insert into audit.entries (what) values ('x') returning 1 $$;
create function app.defaults(a int, b int default 2) returns int language sql as 'select a + b';
create function app.many(variadic a int[]) returns int language sql as 'select a[1]';
create function app.full_name(c app.customers) returns text language sql as $$ insert into audit.entries (what) values ('x') returning c.name $$;
create function app.short_name(c app.customers) returns text stable language sql as $$ select left(c.name, 1) $$;
create function app.add_up(state bigint, value bigint) returns bigint language plpgsql as $$ begin perform nextval('app.numbers'); return state + value; end $$;
create aggregate app.counted_sum (bigint) (sfunc = app.add_up, stype = bigint, initcond = '0');
create function app.add_quietly(state bigint, value bigint) returns bigint immutable language sql as 'select state + value';
create aggregate app.quiet_sum (bigint) (sfunc = app.add_quietly, stype = bigint, initcond = '0');
create function app.logs_equal(a int, b int) returns boolean language plpgsql as $$ begin insert into audit.entries (what) values ('x'); return a = b; end $$;
create operator app.=== (function = app.logs_equal, leftarg = int, rightarg = int);
create function app.audit_change() returns trigger language plpgsql as $$ begin insert into audit.entries (what) values (tg_op); return new; end $$;
create trigger audited after insert or update on app.appointments for each row execute function app.audit_change();
create trigger never_mind after delete on app.appointments for each row execute function app.audit_change();
alter table app.appointments disable trigger never_mind;

-- procedures
create procedure app.report() language plpgsql as $$ begin perform count(*) from app.customers; end $$;
create procedure app.archive() language plpgsql as $$ begin delete from audit.entries; end $$;
create procedure app.gives(out n int) language plpgsql as $$ begin n := 1; end $$;

-- views
create view app.upcoming as select a.*, c.name from app.appointments a join app.customers c on c.id = a.customer_id;
create view app.next_ones as select * from app.upcoming where starts_at > now();
create view app.numbered as select nextval('app.numbers') as n, c.* from app.customers c;
create view app.logged as select app.pl_inserts()::text as x, c.id from app.customers c;
create view app.over_logged as select * from app.logged;
create view app.over_cache as select * from app.cache;
create view app.quiet as select app.sql_reads() as n;
create view app.with_subquery as with w as (select id from app.customers) select id from w where exists (select 1 from app.reminders);
create materialized view app.totals as select count(*) as n from app.appointments;
create view app.redirected as select 1 as id;
create rule redirect as on insert to app.redirected do instead (insert into audit.entries (what) values ('a'); delete from app.reminders);

-- row level security
create table app.secured (id int);
insert into app.secured values (1);
alter table app.secured enable row level security;
alter table app.secured force row level security;
create function app.may_see() returns boolean language plpgsql as $$ begin perform nextval('app.numbers'); return true; end $$;
create policy seen on app.secured for select using (app.may_see());
create table app.fenced (id int);
alter table app.fenced enable row level security;
create policy own on app.fenced for select using (id in (select id from app.customers));
