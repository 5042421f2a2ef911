using System.Collections.Immutable;
using Luminarys.Permissions;
using Luminarys.Ports;
using Microsoft.Extensions.Options;

namespace Luminarys.Files;

/// <summary>File access by handles.</summary>
internal sealed class AnchoredFileAccess(IOptions<FileAccessOptions> options) : IFileAccess
{
    public FileAccessOptions Options { get; } = options.Value;

    public IGrantedFiles Grant(ImmutableArray<DirectoryGrant> grants, ICollection<string> warnings) => throw new NotImplementedException();
}
