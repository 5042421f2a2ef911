using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Runtime.Wasm.Engine;

/// <summary>Reads the trust folder anew for each load, judges its list of revoked keys, and says aloud what is wrong with it, each thing once.</summary>
internal sealed class TrustDesk(RuntimeSetting setting)
{
    private readonly OneAtATime _turn = new();
    private HashSet<string> _said = [];

    /// <summary>The keys that count now, or why nothing may load.</summary>
    public Task<(TrustStore? Store, string? Refusal)> ReviewAsync(CancellationToken cancellationToken) =>
        _turn.RunAsync(() => ReviewInTurnAsync(cancellationToken), cancellationToken);

    private async Task<(TrustStore? Store, string? Refusal)> ReviewInTurnAsync(CancellationToken cancellationToken)
    {
        var defences = setting.Ports.Defences;
        try
        {
            var folder = setting.Ports.Trust is { } source ? await source.ReadAsync(cancellationToken).ConfigureAwait(false) : TrustFolder.Empty;
            var text = await setting.Ports.States.FindMarkAsync(RevocationMark.Name, cancellationToken).ConfigureAwait(false);
            RevocationMark? seen = null;
            if (text is not null && !RevocationMark.TryParse(text, out seen))
            {
                return Refuse("the number of the newest list of revoked keys cannot be understood; repair or replace the database");
            }

            var verdict = RevocationCheck.Judge(folder, seen, setting.Options.RequireRevocationList, setting.Time.GetUtcNow(), defences);
            Report(folder, verdict.Warning);
            if (verdict.Mark is { } mark)
            {
                await setting.Ports.States.SaveMarkAsync(RevocationMark.Name, mark.ToString(), cancellationToken).ConfigureAwait(false);
            }

            return verdict.Refusal is { } refusal ? Refuse(refusal) : (new TrustStore(folder, verdict.Revoked, defences), null);
        }
        catch (IOException exception)
        {
            return Refuse($"what is trusted cannot be read, or the number of the newest list of revoked keys cannot be kept: {exception.Message}; repair the trust folder or the database");
        }
    }

    private void Report(TrustFolder folder, string? warning)
    {
        var now = folder.Problems.Select(problem => problem.ToString()).ToHashSet();
        if (warning is not null)
        {
            now.Add(warning);
        }

        foreach (var text in now.Where(text => !_said.Contains(text)))
        {
            Log.TrustDoubted(setting.Logger, text);
        }

        _said = now;
    }

    private static (TrustStore? Store, string? Refusal) Refuse(string refusal) => (null, refusal);
}
