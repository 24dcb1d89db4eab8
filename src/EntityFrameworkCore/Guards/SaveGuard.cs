using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>Refuses to save on the context of a read, also where there is nothing to save: the code means to.</summary>
internal sealed class SaveGuard : SaveChangesInterceptor
{
    private const string What = "SaveChanges was called";

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        ReadViolation.ThrowIfRead(eventData.Context, What);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        ReadViolation.ThrowIfRead(eventData.Context, What);
        return new ValueTask<InterceptionResult<int>>(result);
    }
}
