using Luminarys.Files.Opening;
using Luminarys.Files.Writing;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.Transfers;

/// <summary>One set of grants, opened for transfers.</summary>
internal sealed class GrantedTransfers(AnchorSet anchors, IPathOpener opener, WritePolicy policy, FileDefences defences) : ITransferFiles
{
    private readonly Resolver _resolver = new(anchors, opener, new(anchors, defences), defences);

    public FileResult<IOutgoingFile> OpenOutgoing(string path)
    {
        if (!DirectoryPath.TryNormalize(path, out var taken, out var why))
        {
            return FileFaultMap.Invalid(path, why!);
        }

        var opened = _resolver.Open(taken, AccessMode.ReadOnly);
        return opened.IsSuccess ? OutgoingFile.Open(opened.Value, taken) : opened.Fault;
    }

    public FileResult<IIncomingFile> OpenIncoming(string path, IncomingFile file)
    {
        if (!DirectoryPath.TryNormalize(path, out var taken, out var why))
        {
            return FileFaultMap.Invalid(path, why!);
        }

        var found = new PlaceFinder(_resolver).Find(taken, makesParents: true);
        if (!found.IsSuccess)
        {
            return found.Fault;
        }

        var stage = IncomingStage.Open(_resolver, found.Value, file.Origin);
        if (stage.IsSuccess)
        {
            return IncomingPart.Open(_resolver, found.Value, stage.Value, file, policy);
        }

        found.Value.Dispose();
        return stage.Fault;
    }

    public void Dispose() => anchors.Dispose();
}
