using System.Collections.Immutable;
using System.Reflection;
using Luminarys.Permissions;
using Luminarys.Ports;

namespace Luminarys.Benchmarks;

/// <summary>The files of skills that have none.</summary>
internal sealed class NoFiles : IFileAccess
{
    public IGrantedFiles Grant(ImmutableArray<DirectoryGrant> grants, ICollection<string> warnings) => DispatchProxy.Create<IGrantedFiles, Nothing>();

#pragma warning disable CA1852 // The proxy derives from it.
    internal class Nothing : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => null;
    }
#pragma warning restore CA1852
}
