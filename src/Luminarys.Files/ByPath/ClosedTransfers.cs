using Luminarys.Ports;

namespace Luminarys.Files.ByPath;

/// <summary>Transfers on a system without the calls that keep a half-copied file from being seen: everything is denied.</summary>
internal sealed class ClosedTransfers : ITransferFiles
{
    private const string Rule = "on this system no files are copied between nodes";

    public FileResult<IOutgoingFile> OpenOutgoing(string path) => FileFaultMap.Denied(path, Rule);

    public FileResult<IIncomingFile> OpenIncoming(string path, IncomingFile file) => FileFaultMap.Denied(path, Rule);

    public void Dispose()
    {
    }
}
