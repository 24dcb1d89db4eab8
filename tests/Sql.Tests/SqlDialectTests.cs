namespace CompileTimeRouting.Sql.Tests;

/// <summary>
/// SQL of other databases, which a project may hold beside PostgreSQL's: what begins as a write is one, and what begins as
/// a read writes nothing, even where the rest can't be followed.
/// </summary>
public class SqlDialectTests
{
    [Theory]
    // SQL Server
    [InlineData("INSERT INTO [dbo].[Orders] ([Id]) VALUES (@id)", nameof(SqlEffectKind.Insert))]
    [InlineData("INSERT [Orders] VALUES (1)", nameof(SqlEffectKind.Insert))]
    [InlineData("INSERT INTO Orders (Id) OUTPUT inserted.Id VALUES (@id)", nameof(SqlEffectKind.Insert))]
    [InlineData("INSERT TOP (5) INTO Orders SELECT * FROM Old", nameof(SqlEffectKind.Insert))]
    [InlineData("INSERT INTO #t EXEC dbo.Proc", nameof(SqlEffectKind.Insert))]
    [InlineData("UPDATE [dbo].[Orders] SET [Total] = 1", nameof(SqlEffectKind.Update))]
    [InlineData("UPDATE TOP (1) Orders SET Total = 1", nameof(SqlEffectKind.Update))]
    [InlineData("UPDATE o SET o.Total = 1 FROM [Orders] o", nameof(SqlEffectKind.Update))]
    [InlineData("DELETE [Orders] WHERE Id = 1", nameof(SqlEffectKind.Delete))]
    [InlineData("DELETE TOP (10) FROM Orders", nameof(SqlEffectKind.Delete))]
    [InlineData("DELETE o FROM Orders o JOIN Old x ON x.Id = o.Id", nameof(SqlEffectKind.Delete))]
    [InlineData("MERGE [dbo].[Orders] AS t USING [Old] AS s ON t.Id = s.Id WHEN MATCHED THEN DELETE;", nameof(SqlEffectKind.Merge))]
    [InlineData("MERGE INTO [Orders] USING x ON 1 = 1 WHEN MATCHED THEN DELETE;", nameof(SqlEffectKind.Merge))]
    [InlineData("MERGE INTO Orders WITH (HOLDLOCK) AS t USING [x] ON 1 = 1 WHEN MATCHED THEN DELETE;", nameof(SqlEffectKind.Merge))]
    [InlineData("WITH c AS (SELECT 1 AS a) MERGE Orders USING c ON 1 = 1 WHEN MATCHED THEN DELETE", nameof(SqlEffectKind.Merge))]
    [InlineData("TRUNCATE TABLE [dbo].[Orders]", nameof(SqlEffectKind.Truncate))]
    [InlineData("SET NOCOUNT ON; UPDATE [Orders] SET a = 1", nameof(SqlEffectKind.Update))]
    [InlineData("DECLARE @x int = 1; DELETE FROM [Orders] WHERE Id = @x", nameof(SqlEffectKind.Delete))]
    [InlineData("INSERT INTO [Orders] ([Id]) VALUES (1); SELECT SCOPE_IDENTITY()", nameof(SqlEffectKind.Insert))]
    [InlineData("CREATE TABLE [dbo].[T] ([Id] int IDENTITY(1,1))", nameof(SqlEffectKind.Ddl))]
    // MySQL
    [InlineData("REPLACE INTO `t` (`a`) VALUES (1)", nameof(SqlEffectKind.Insert))]
    [InlineData("replace t set a = 1", nameof(SqlEffectKind.Insert))]
    [InlineData("INSERT IGNORE INTO `t` VALUES (1)", nameof(SqlEffectKind.Insert))]
    [InlineData("INSERT INTO t SET a = 1", nameof(SqlEffectKind.Insert))]
    [InlineData("INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 1", nameof(SqlEffectKind.Insert))]
    [InlineData("UPDATE `t` JOIN `u` ON 1 = 1 SET `t`.`a` = 1", nameof(SqlEffectKind.Update))]
    [InlineData("UPDATE LOW_PRIORITY t SET a = 1", nameof(SqlEffectKind.Update))]
    [InlineData("DELETE FROM `t` LIMIT 1", nameof(SqlEffectKind.Delete))]
    [InlineData("DELETE QUICK FROM t", nameof(SqlEffectKind.Delete))]
    // SQLite, Oracle
    [InlineData("INSERT OR REPLACE INTO t VALUES (1)", nameof(SqlEffectKind.Insert))]
    [InlineData("INSERT OR IGNORE INTO t (a) VALUES (?)", nameof(SqlEffectKind.Insert))]
    [InlineData("UPDATE OR ROLLBACK t SET a = ?1", nameof(SqlEffectKind.Update))]
    [InlineData("INSERT ALL INTO t VALUES (1) INTO u VALUES (2) SELECT * FROM dual", nameof(SqlEffectKind.Insert))]
    [InlineData("DELETE t WHERE a = :a", nameof(SqlEffectKind.Delete))]
    public void A_foreign_write_is_a_write(string sql, string expected)
    {
        var effects = SqlEffects.Analyze(sql);
        Assert.Equal(SqlRoute.Primary, effects.Route);
        Assert.Contains(effects.Effects, e => e.Kind.ToString() == expected && e.Impact == SqlEffectImpact.Refused);
    }

    [Theory]
    [InlineData("SELECT TOP 10 * FROM [dbo].[Orders] ORDER BY [Id]")]
    [InlineData("SELECT TOP (10) o.[Id] FROM dbo.Orders AS o WITH (NOLOCK) WHERE o.[Update] = 1")]
    [InlineData("SELECT [Insert], [Delete] FROM [Update]")]
    [InlineData("SELECT @@IDENTITY")]
    [InlineData("SELECT SCOPE_IDENTITY()")]
    [InlineData("SELECT * FROM Orders WHERE Id IN (SELECT value FROM STRING_SPLIT(@ids, ','))")]
    [InlineData("SELECT a FROM t CROSS APPLY OPENJSON(t.j) x OPTION (RECOMPILE)")]
    [InlineData("SELECT a FROM t ORDER BY a OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY OPTION (MAXDOP 1)")]
    [InlineData("WITH [c] AS (SELECT 1 AS a) SELECT * FROM [c]")]
    [InlineData("SELECT a FROM t FOR JSON PATH")]
    [InlineData("SELECT `a`, `b` FROM `t` WHERE `update` = 1 LIMIT 5, 10")]
    [InlineData("SELECT SQL_CALC_FOUND_ROWS a FROM t")]
    [InlineData("SELECT a FROM t USE INDEX (i) WHERE b = 1")]
    [InlineData("SELECT IFNULL(a, 0), IF(a > 1, 'x', 'y'), REPLACE(a, 'b', 'c') FROM t")]
    [InlineData("SELECT LAST_INSERT_ID()")]
    [InlineData("SELECT last_insert_rowid()")]
    [InlineData("SELECT a FROM t WHERE b GLOB '*x*'")]
    [InlineData("PRAGMA foreign_keys = ON")]
    [InlineData("SELECT rowid FROM t WHERE a = ?")]
    [InlineData("SELECT a FROM t WHERE ROWNUM <= 10")]
    [InlineData("SELECT seq.CURRVAL FROM dual")]
    [InlineData("SELECT a FROM t, u WHERE t.id = u.id (+)")]
    [InlineData("SHOW TABLES")]
    [InlineData("DESCRIBE t")]
    public void A_foreign_read_writes_nothing(string sql)
    {
        var effects = SqlEffects.Analyze(sql);
        Assert.NotEqual(SqlRoute.Primary, effects.Route);
        Assert.Empty(effects.Writes);
        Assert.DoesNotContain(effects.Effects, e => e.Impact != SqlEffectImpact.Unknown);
    }
}
