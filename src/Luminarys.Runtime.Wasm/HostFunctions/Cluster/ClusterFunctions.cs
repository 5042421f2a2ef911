using System.Buffers;
using Luminarys.Nodes;
using Luminarys.Permissions;
using Luminarys.Ports;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Cluster;

/// <summary>The nodes of the cluster, and files on their way between them. The skill's own side of a copy is judged here, both nodes' elsewhere.</summary>
internal sealed class ClusterFunctions(SkillServices services) : IHostFunctions
{
    private const string Alone = "cluster mode is not enabled";

    private readonly TransferRules _rules = new(services.Manifest.Permissions.FileTransfer);
    private readonly Lazy<ITransferFiles> _files = new(() => services.Files.GrantTransfers(services.Manifest.Permissions.FileTransfer?.LocalDirectories ?? [], []));

    /// <inheritdoc/>
    public HostFunction? Find(string name) => name switch
    {
        "cluster_node_list" => ListNodes,
        "file_transfer_send" => (call, request, answer) => Transfer(call, "file_transfer_send", TransferRequest.Read(request, isSending: true), answer),
        "file_transfer_recv" => (call, request, answer) => Transfer(call, "file_transfer_recv", TransferRequest.Read(request, isSending: false), answer),
        _ => null,
    };

    /// <inheritdoc/>
    public void OnInstanceDiscarded()
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_files.IsValueCreated)
        {
            _files.Value.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private string? ListNodes(HostCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        if (services.Host.FindCluster() is not { } cluster)
        {
            return Alone;
        }

        ClusterAnswers.WriteNodes(answer, cluster);
        return null;
    }

    private string? Transfer(HostCall call, string function, TransferRequest request, IBufferWriter<byte> answer)
    {
        if (!NodeId.TryParse(request.Node, out var node))
        {
            return $"invalid argument: {(request.IsSending ? "target_node" : "source_node")}: not a node id";
        }

        if (!DirectoryPath.TryNormalize(request.LocalPath, out var path, out var fault))
        {
            return $"invalid argument: local_path: {fault}";
        }

        var verdict = _rules.Judge(node.Value, path, request.IsSending ? AccessMode.ReadOnly : AccessMode.ReadWrite);
        if (services.Gate.Check(call, function, $"{path} and node {node}", verdict) is { } denial)
        {
            return denial;
        }

        if (services.Host.FindCluster() is null)
        {
            return Alone;
        }

        var transfer = new SkillTransfer(services.Manifest.Id, node, path, request.RemotePath, request.IsSending)
        {
            Files = _files.Value,
            Root = call.Invocation?.Root ?? default,
        };
        if (Run(call, transfer) is { } error)
        {
            return error;
        }

        ClusterAnswers.WriteDone(answer);
        return null;
    }

    private string? Run(HostCall call, SkillTransfer transfer)
    {
        try
        {
            return call.Await(cancellation => services.Host.TransferAsync(transfer, cancellation))?.Message;
        }
        catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
        {
            return "cancelled";
        }
    }
}
