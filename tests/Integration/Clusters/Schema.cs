namespace CompileTimeRouting.Integration.Clusters;

internal static class Schema
{
    public const string Sql = """
        create type mood as enum ('calm', 'busy');

        create table notes (
            id    bigint generated always as identity primary key,
            body  text not null,
            stars integer
        );

        -- One column of each kind that a generated body reads and writes.
        create table kinds (
            id              integer primary key,
            flag            boolean,
            small           smallint,
            whole           integer,
            large           bigint,
            narrow          real,
            twice           double precision,
            amount          numeric(20, 4),
            words           text,
            letters         varchar(20),
            unique_key      uuid,
            bytes           bytea,
            at_time         timestamptz,
            local_time      timestamp,
            on_day          date,
            time_of_day     time,
            duration        interval,
            document        jsonb,
            numbers         integer[],
            tags            text[],
            colour          integer,
            feeling         mood
        );
        """;
}
