using System.Collections.Immutable;
using Luminarys.Permissions;

namespace Luminarys.Ports;

/// <summary>Opens files to skills and transfers, within grants. Thread-safe.</summary>
public interface IFileAccess
{
    /// <summary>Opens the literal grants' directories. The caller owns the result.</summary>
    /// <param name="grants">Directories and what may be done below them.</param>
    /// <param name="warnings">Takes what an operator should know, such as a granted directory that does not exist.</param>
    IGrantedFiles Grant(ImmutableArray<DirectoryGrant> grants, ICollection<string> warnings);

    /// <summary>The same for transfers, which are resumed after a restart. The caller owns the result.</summary>
    /// <param name="grants">Directories and what may be done below them.</param>
    /// <param name="warnings">Takes what an operator should know.</param>
    ITransferFiles GrantTransfers(ImmutableArray<DirectoryGrant> grants, ICollection<string> warnings);
}
