namespace CompileTimeRouting.Sql.Tests;

/// <summary>The names that the text tells are the names that a server gave.</summary>
public class SelectListServerTests
{
    public static TheoryData<string, string> Verified()
    {
        var data = new TheoryData<string, string>();
        foreach (var (sql, names) in VerifiedColumnNames.Read())
            data.Add(sql, names);
        return data;
    }

    [Theory]
    [MemberData(nameof(Verified))]
    public void Names_are_the_servers(string sql, string names)
    {
        var list = SelectList.Read(sql);
        if (names == "-")
        {
            Assert.Equal(SelectListState.NoRows, list.State);
            Assert.False(list.ReturnsRows);
            return;
        }

        Assert.True(list.ReturnsRows);
        if (list.Items.Any(i => i.IsStar))
        {
            Assert.Equal(SelectListState.Star, list.State);
            Assert.Null(list.Columns);
            return;
        }

        Assert.Equal(SelectListState.Known, list.State);
        var expected = names == "()" ? [] : names.Split('|');
        Assert.Equal(expected.Length, list.Columns!.Count);
        // A null says that only the catalog knows.
        Assert.Equal(expected.Zip(list.Columns, (e, c) => c.Name is null ? null : e), list.Columns.Select(c => c.Name));
    }
}
