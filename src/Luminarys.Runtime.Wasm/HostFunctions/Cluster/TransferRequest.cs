namespace Luminarys.Runtime.Wasm.HostFunctions.Cluster;

/// <summary>Request of <c>file_transfer_send</c> and <c>file_transfer_recv</c>.</summary>
/// <param name="Node">The other node.</param>
/// <param name="LocalPath">Path on this node.</param>
/// <param name="RemotePath">Path on the other one.</param>
/// <param name="IsSending">Whether the file goes from here to there.</param>
internal sealed record TransferRequest(string Node, string LocalPath, string RemotePath, bool IsSending)
{
    public static TransferRequest Read(ReadOnlyMemory<byte> request, bool isSending)
    {
        var read = new TransferRequest("", "", "", isSending);
        var reader = new FieldReader(request);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "target_node" when isSending: read = read with { Node = reader.Text() }; break;
                case "source_node" when !isSending: read = read with { Node = reader.Text() }; break;
                case "local_path": read = read with { LocalPath = reader.Text() }; break;
                case "remote_path": read = read with { RemotePath = reader.Text() }; break;
                default: reader.Skip(); break;
            }
        }

        return read;
    }
}
