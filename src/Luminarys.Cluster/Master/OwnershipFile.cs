using Luminarys.Cluster.Messaging;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Master;

/// <summary>Keeps name ownership over a restart of the master.</summary>
internal sealed class OwnershipFile(StateDirectory state, SkillOwnership ownership, ILogger logger)
{
    private const string Name = "owners";
    private int _saved;

    public void Restore() => ownership.Restore(state.Read(Name));

    /// <summary>Writes the owners down if one changed. A failure is logged: the cluster works without, until the master restarts.</summary>
    public void Save()
    {
        if (ownership.Version == _saved)
        {
            return;
        }

        _saved = ownership.Version;
        try
        {
            state.Write(Name, ownership.Format());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.StateNotWritten(logger, exception);
        }
    }
}
