using System.Security.Cryptography;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Files.ByPath;

/// <summary>A file that is written beside its place and moved there.</summary>
internal sealed class PathStagedFile : IStagedFile
{
    private readonly string _real;
    private readonly string _path;
    private readonly FileCreation _creation;
    private readonly string _staged;
    private readonly FileStream _content;

    public PathStagedFile(string real, string path, FileCreation creation, UnixFileMode? mode)
    {
        (_real, _path, _creation) = (real, path, creation);
        var name = $"{DirectoryPath.ReservedPrefix}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        _staged = creation == FileCreation.Append ? real : DirectoryPath.Join(DirectoryPath.ParentOf(real), name);
        var options = new FileStreamOptions { Mode = creation == FileCreation.Append ? FileMode.Append : FileMode.CreateNew, Access = FileAccess.Write };
        if (mode is { } bits && creation != FileCreation.Append && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = bits;
            _content = new(_staged, options);
            File.SetUnixFileMode(_content.SafeFileHandle, bits);
            return;
        }

        _content = new(_staged, options);
    }

    public Stream Content => _content;

    public FileFault? Commit()
    {
        try
        {
            _content.Dispose();
            if (_creation != FileCreation.Append)
            {
                File.Move(_staged, _real, overwrite: _creation == FileCreation.Replace);
            }

            return null;
        }
        catch (IOException) when (_creation == FileCreation.CreateNew && File.Exists(_real))
        {
            return new(FileError.AlreadyExists, _path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return FileFaultMap.From(exception, _path);
        }
    }

    public void Dispose()
    {
        _content.Dispose();
        if (_creation != FileCreation.Append)
        {
            File.Delete(_staged);
        }
    }
}
