using System.Buffers.Binary;
using Luminarys.Cluster.Transfers;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Files;
using Luminarys.Nodes;
using Luminarys.Permissions;
using Luminarys.Ports;
using Luminarys.Transfers;
using Luminarys.Transport.Tcp;
using Microsoft.Extensions.DependencyInjection;

namespace RelayThroughput;

/// <summary>The two ends of a transfer as a node runs them: judged files, tickets, the relay's client, tunnel, staging, journal and commit.</summary>
internal static class OurEnds
{
    /// <summary>What the relay and whoever issues tickets share.</summary>
    public const string Secret = "relay-throughput";

    private static readonly ClusterId s_cluster = new("bench");
    private static readonly ServiceProvider s_services = new ServiceCollection()
        .AddSingleton(TimeProvider.System).AddTcpRelay(_ => { }).AddFileAccess(_ => { }).BuildServiceProvider();

    public static async Task SendAsync(Job job, bool encrypts)
    {
        using var files = Files(job.Path);
        var opened = files.OpenOutgoing(job.Path);
        using var file = opened.IsSuccess ? opened.Value : throw new IOException($"{opened.Fault}");
        await using var stream = await JoinAsync(job, TransferRole.Source);
        using var seals = Seals(job, TransferRole.Source, encrypts);
        using var attempt = new SourceAttempt(file, stream, seals, AttemptSettings.Standard, TimeProvider.System);
        Check(await attempt.RunAsync(CancellationToken.None));
    }

    public static async Task TakeAsync(Job job, bool encrypts)
    {
        using var files = Files(job.Path);
        var opened = files.OpenIncoming(job.Path, new(job.Number, 1, job.Length, UnixFileMode.UserRead | UnixFileMode.UserWrite, Overwrites: true));
        using var file = opened.IsSuccess ? opened.Value : throw new IOException($"{opened.Fault}");
        await using var stream = await JoinAsync(job, TransferRole.Sink);
        using var seals = Seals(job, TransferRole.Sink, encrypts);

        // Size and times are those of the offer, which travels on the bus: here both ends know them.
        using var attempt = new SinkAttempt(file, (job.Length, Fingerprint(job)), stream, seals, AttemptSettings.Standard, TimeProvider.System);
        Check(await attempt.RunAsync(CancellationToken.None));
    }

    private static UInt128 Fingerprint(Job job)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(job.Path)!, $"source-{job.Length}");
        using var files = Files(path);
        var opened = files.OpenOutgoing(path);
        using var file = opened.IsSuccess ? opened.Value : throw new IOException($"{opened.Fault}");
        return file.Fingerprint;
    }

    private static ITransferFiles Files(string path) => s_services.GetRequiredService<IFileAccess>()
        .GrantTransfers([new(System.IO.Path.GetDirectoryName(path) + "/**", AccessMode.ReadWrite)], []);

    private static async Task<Stream> JoinAsync(Job job, TransferRole role)
    {
        var keys = new RelayKeys(RelayKey.OfSecret(Secret), []);
        var (node, notAfter) = (new NodeId(role == TransferRole.Source ? "a" : "b"), DateTimeOffset.UtcNow.AddMinutes(1));
        var bytes = keys.Seal(new(RelayTicket.DigestOf(s_cluster), job.Number, 1, role, node) { NotAfter = notAfter });
        var channel = await s_services.GetRequiredService<IRelay>().OpenAsync(
            new(job.Number, role, node, notAfter) { Attempt = 1, RelayAddress = $"127.0.0.1:{job.Port}", Sealed = bytes, JoinKey = keys.JoinKeyOf(bytes) },
            CancellationToken.None);
        return channel.Stream ?? throw new IOException($"the relay answered: {channel.Fault}");
    }

    private static TunnelSeals Seals(Job job, TransferRole role, bool encrypts)
    {
        Span<byte> transcript = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(transcript, job.Number);
        return encrypts ? TunnelSeals.Encrypted(TunnelKeys.Derive("relay-throughput"u8, transcript), role) : TunnelSeals.Plain(role);
    }

    private static void Check(AttemptEnd end)
    {
        if (end.Fault != TransferFault.None)
        {
            throw new IOException($"the transfer ended: {end.Fault}");
        }
    }
}
