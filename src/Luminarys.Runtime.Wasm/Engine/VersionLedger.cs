using Luminarys.Skills.Packages;
using Luminarys.Skills.Trust;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Remembers the highest version that ran of each package of each key. Without a database it does so until the host ends.</summary>
internal sealed class VersionLedger(RuntimeSetting setting)
{
    private readonly OneAtATime _turn = new();

    /// <summary>Why a package may not load, and what to do; null when it may.</summary>
    public async Task<string?> FindFaultAsync(SkillPackage package, CancellationToken cancellationToken)
    {
        try
        {
            var highest = await setting.Ports.States.FindMarkAsync(DowngradeGuard.MarkOf(package), cancellationToken).ConfigureAwait(false);
            return DowngradeGuard.FindFault(package.Content.Version, highest);
        }
        catch (IOException exception)
        {
            return $"the versions that ran before cannot be read: {exception.Message}; repair or replace the database";
        }
    }

    /// <summary>Notes a package that has loaded, if it is newer than those before.</summary>
    public Task RememberAsync(SkillPackage package) => _turn.RunAsync(
        async () =>
        {
            var (mark, version) = (DowngradeGuard.MarkOf(package), package.Content.Version);
            try
            {
                if (DowngradeGuard.IsHigher(version, await setting.Ports.States.FindMarkAsync(mark, CancellationToken.None).ConfigureAwait(false)))
                {
                    await setting.Ports.States.SaveMarkAsync(mark, version, CancellationToken.None).ConfigureAwait(false);
                }
            }
            catch (IOException exception)
            {
                Log.VersionNotRemembered(setting.Logger, package.Content.Id.Value, version, exception);
            }

            return true;
        },
        CancellationToken.None);
}
