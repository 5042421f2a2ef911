using System.Buffers;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Runtime.Wasm.HostFunctions.Files;

/// <summary>What makes files and directories.</summary>
internal sealed class FileWrites(IGrantedFiles files, PermissionGate gate)
{
    private const int Chunk = 128 * 1024;

    private readonly DirectoryRules _rules = DirectoryRules.Compile(files.Grants, []);

    /// <summary>Writes a whole file; answers what the guest is told when it failed.</summary>
    public string? Write(FileCall call, FileRequest request, FileCreation creation)
    {
        var created = files.Create(request.Path, creation);
        if (!created.IsSuccess)
        {
            return call.Tell(created.Fault);
        }

        using var file = created.Value;
        file.Content.Write(request.Content.Span);
        return file.Commit() is { } fault ? call.Tell(fault) : null;
    }

    /// <summary>Makes every directory that a path with braces stands for, once all of them are granted.</summary>
    public string? MakeDirectories(FileCall call, FileRequest request)
    {
        if (PathBraces.Expand(request.Path, out var paths) is { } wrong)
        {
            return $"invalid argument: path: {wrong}";
        }

        foreach (var path in paths)
        {
            if (!DirectoryPath.TryNormalize(path, out var normalized, out var invalid))
            {
                return call.Tell(new(FileError.InvalidPath, path, invalid));
            }

            if (gate.Check(call.Host, call.Function, path, _rules.Judge(normalized, AccessMode.ReadWrite)) is { } denied)
            {
                return denied;
            }
        }

        foreach (var path in paths)
        {
            if (call.CheckTime() is { } late)
            {
                return late;
            }

            if (files.CreateDirectory(path) is { } fault)
            {
                return call.Tell(fault);
            }
        }

        return null;
    }

    /// <summary>Copies a file with its permission bits: the copy has them before its first byte, so that it is never more open than the source.</summary>
    public string? Copy(FileCall call, FileRequest request)
    {
        var opened = files.OpenRead(request.Source);
        if (!opened.IsSuccess)
        {
            return call.Tell(opened.Fault);
        }

        using var source = opened.Value;
        var told = files.Stat(request.Source);
        if (!told.IsSuccess)
        {
            return call.Tell(told.Fault);
        }

        if (IsSame(request.Source, request.Destination, out var destination))
        {
            return gate.Check(call.Host, call.Function, destination, _rules.Judge(destination, AccessMode.ReadWrite));
        }

        var created = files.Create(request.Destination, FileCreation.Replace, told.Value.Mode);
        if (!created.IsSuccess)
        {
            return call.Tell(created.Fault);
        }

        using var target = created.Value;
        return Copy(call, source, target.Content) ?? (target.Commit() is { } unfinished ? call.Tell(unfinished) : null);
    }

    private static string? Copy(FileCall call, Stream source, Stream target)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            for (var read = source.Read(buffer); read > 0; read = source.Read(buffer))
            {
                target.Write(buffer.AsSpan(0, read));
                if (call.CheckTime() is { } late)
                {
                    return late;
                }
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsSame(string source, string destination, out string normalized)
    {
        normalized = "";
        if (!DirectoryPath.TryNormalize(source, out var from, out _) || !DirectoryPath.TryNormalize(destination, out var to, out _))
        {
            return false;
        }

        normalized = to;
        return from == to;
    }
}
