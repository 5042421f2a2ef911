using System.Collections.Immutable;
using Luminarys.Ports;
using Luminarys.Skills;
using Microsoft.Extensions.Logging;

namespace Luminarys.Cluster.Deployment;

/// <summary>Follows the manifests while the node runs: what changed is deployed, then offered, and what left is unloaded last.</summary>
/// <param name="manifests">Says when to look again.</param>
/// <param name="deployer">Brings the runtime to what the manifests say.</param>
/// <param name="offer">Tells the cluster what the node offers; completes when it is on its way.</param>
/// <param name="time">Clock.</param>
/// <param name="logger">Takes what went wrong.</param>
internal sealed class DeploymentWatch(
    IManifestSource manifests, SkillDeployer deployer, Func<ImmutableArray<Skill>, Task> offer, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private int _isDisposed;

    /// <summary>Begins, when the node serves.</summary>
    public void Start(Task serves) => _run = RunAsync(serves);

    /// <summary>Begins nothing more; completes when what it had begun has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(Task serves)
    {
        // Leave the starter's thread: its caller must not wait for the first reading.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await serves.WaitAsync(_stop.Token).ConfigureAwait(false);
            deployer.Activate();
            while (true)
            {
                await FollowAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            await manifests.WaitForChangeAsync(_stop.Token).ConfigureAwait(false);
            if (await deployer.ReloadAsync(_stop.Token).ConfigureAwait(false) is { } change)
            {
                await offer(change.Skills).WaitAsync(_stop.Token).ConfigureAwait(false);
                deployer.Activate();
                deployer.Unload(change);
            }
        }
#pragma warning disable CA1031 // The source may be anybody's; whatever it throws must not end the watch for the life of the node.
        catch (Exception exception) when (exception is not OperationCanceledException || !_stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.ReloadFailed(logger, exception);
            await Task.Delay(s_again, time, _stop.Token).ConfigureAwait(false);
        }
    }
}
