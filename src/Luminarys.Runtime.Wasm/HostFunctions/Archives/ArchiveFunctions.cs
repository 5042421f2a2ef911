using System.Buffers;
using Luminarys.Ports;
using Luminarys.Runtime.Wasm.Abi;

namespace Luminarys.Runtime.Wasm.HostFunctions.Archives;

/// <summary>Packs, unpacks and lists archives for one skill.</summary>
internal sealed class ArchiveFunctions(PermissionGate gate, IGrantedFiles files, bool skipsLinks) : IHostFunctions
{
    /// <summary>Makes them for a skill.</summary>
    public ArchiveFunctions(SkillServices services)
        : this(services.Gate, services.GrantedFiles, services.Options.SkipArchiveLinks) => MaxAnswerBytes = services.MaxAnswerBytes;

    /// <summary>Bytes of a list that the guest takes.</summary>
    public int MaxAnswerBytes { get; init; } = GuestAbi.MaxMessage;

    public ArchiveLimits Limits { get; init; } = ArchiveLimits.Standard;

    public ArchiveDefences Defences { get; init; } = ArchiveDefences.All;

    private delegate void Work(ArchiveRequest request, ArchiveBudget budget, IBufferWriter<byte> answer, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public HostFunction? Find(string name) => name switch
    {
        "archive_pack" => (call, request, answer) => Run(call, name, Pack, request, answer),
        "archive_unpack" => (call, request, answer) => Run(call, name, Unpack, request, answer),
        "archive_list" => (call, request, answer) => Run(call, name, List, request, answer),
        _ => null,
    };

    /// <inheritdoc/>
    public void OnInstanceDiscarded()
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The one place where what fails on an archive becomes a text.
    private string? Run(HostCall call, string function, Work work, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        try
        {
            work(new ArchiveRequest(request), new ArchiveBudget(Limits, Defences, call.Cancellation), answer, call.Cancellation);
            return null;
        }
        catch (ArchiveException exception)
        {
            return exception.Fault is { } fault ? gate.Explain(call, function, fault) : exception.Message;
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            return $"invalid archive: {exception.Message}";
        }
        catch (IOException exception)
        {
            return $"io: {exception.Message}";
        }
    }

    private void Pack(ArchiveRequest request, ArchiveBudget budget, IBufferWriter<byte> answer, CancellationToken cancellationToken)
    {
        var format = ArchiveFormats.ForWriting(request.Format, request.Output);
        var packer = new ArchivePacker(files, budget, ExcludeList.Parse(request.Exclude));
        var created = files.Create(request.Output, FileCreation.Replace);
        if (!created.IsSuccess)
        {
            throw ArchiveException.Of(created.Fault);
        }

        using var output = created.Value;
        int count;
        using (IArchiveWriter archive = format == ArchiveFormat.Zip ? new ZipArchiveWriter(output.Content) : new TarArchiveWriter(output.Content))
        {
            count = packer.Pack(request.Source, request.Output, archive, cancellationToken);
        }

        ArchiveException.ThrowIf(output.Commit());
        ArchiveAnswers.WritePacked(answer, count, format);
    }

    private void Unpack(ArchiveRequest request, ArchiveBudget budget, IBufferWriter<byte> answer, CancellationToken cancellationToken)
    {
        var unpacker = new ArchiveUnpacker(budget, ExcludeList.Parse(request.Exclude), request.Strip, skipsLinks);
        using var archive = Open(request, budget);
        var target = files.CreateTree(request.Destination);
        if (!target.IsSuccess)
        {
            throw ArchiveException.Of(target.Fault);
        }

        using (target.Value)
        {
            ArchiveAnswers.WriteUnpacked(answer, unpacker.Unpack(archive, target.Value, cancellationToken));
        }
    }

    private void List(ArchiveRequest request, ArchiveBudget budget, IBufferWriter<byte> answer, CancellationToken cancellationToken)
    {
        var exclude = ExcludeList.Parse(request.Exclude);
        var entries = new List<ArchiveEntry>();
        var size = 0L;
        using var archive = Open(request, budget);
        while (archive.Next() is { } entry)
        {
            if (exclude.Covers(entry.Name.Replace('\\', '/').Trim('/')))
            {
                continue;
            }

            entries.Add(entry);
            size += ArchiveAnswers.ListedSize(entry);
            if (size > MaxAnswerBytes)
            {
                throw ArchiveException.TooLarge($"a list of more than {MaxAnswerBytes} bytes");
            }
        }

        ArchiveAnswers.WriteList(answer, entries);
    }

    private IArchiveReader Open(ArchiveRequest request, ArchiveBudget budget)
    {
        var opened = files.OpenRead(request.Archive);
        if (!opened.IsSuccess)
        {
            throw ArchiveException.Of(opened.Fault);
        }

        var stream = opened.Value;
        try
        {
            return ArchiveFormats.ForReading(request.Format, request.Archive, stream) == ArchiveFormat.Zip
                ? new ZipArchiveReader(stream, budget)
                : new TarArchiveReader(stream, budget);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
