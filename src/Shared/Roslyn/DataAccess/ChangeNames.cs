namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>The names of methods that say of themselves that they change something.</summary>
internal static class ChangeNames
{
    private static readonly HashSet<string> Verbs = new(
        [
            "Add", "Append", "Archive", "Assign", "Change", "Clear", "Commit", "Create", "Deactivate", "Decrement", "Delete", "Disable", "Drop", "Enable",
            "Enqueue", "Erase", "Expire", "Import", "Increment", "Initialize", "Insert", "Mark", "Merge", "Migrate", "Modify", "Move", "Patch", "Persist",
            "Prune", "Purge", "Put", "Record", "Register", "Release", "Remove", "Rename", "Replace", "Reset", "Restore", "Revoke", "Save", "Seed", "Set",
            "Store", "Submit", "Touch", "Truncate", "Unregister", "Update", "Upsert", "Write",
        ],
        StringComparer.Ordinal);

    /// <summary>Whether a method's name begins with a verb of change: <c>SaveAsync</c>, but not <c>Savings</c>.</summary>
    public static bool IsChange(string method) => method.Length > 0 && Verbs.Contains(Word(method, 0));

    /// <summary>Whether a method's name is that of an event's or a message's handler.</summary>
    public static bool IsHandler(string method) => method.Length > 0 && Word(method, 0) is "Handle" or "On" or "Consume" or "Notify" or "Receive";

    /// <summary>Whether one of the words in it is: <c>ExecuteBulkInsertAsync</c>.</summary>
    public static bool HasChange(string method)
    {
        for (var at = 0; at < method.Length;)
        {
            var word = Word(method, at);
            if (Verbs.Contains(word))
                return true;
            at += word.Length;
        }

        return false;
    }

    /// <summary>The first word of a name: of <c>SendAsync</c> it is <c>Send</c>.</summary>
    public static string FirstWord(string name) => name.Length > 0 ? Word(name, 0) : "";

    private static string Word(string method, int start)
    {
        var end = start + 1;
        while (end < method.Length && !char.IsUpper(method[end]))
            end++;
        return method.Substring(start, end - start);
    }
}
