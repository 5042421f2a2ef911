using Luminarys.Invocations;
using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Cluster.Deployment;

/// <summary>The values in this node's own store, within limits.</summary>
internal sealed class LocalValues(IStateStore states) : ISkillValues
{
    public async ValueTask<StoredValue> FindAsync(ValueKey key, CancellationToken cancellationToken) =>
        new(await states.FindValueAsync(key, cancellationToken).ConfigureAwait(false));

    public async ValueTask<HostFault?> StoreAsync(ValueKey key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (value.Length > ISkillValues.MaxValue)
        {
            return new(InvocationError.PayloadTooLarge, $"the value has {value.Length} bytes; {ISkillValues.MaxValue} are allowed");
        }

        return await states.SaveValueAsync(key, value, ISkillValues.MaxScope, cancellationToken).ConfigureAwait(false)
            ? null
            : new(InvocationError.PayloadTooLarge, $"all stored values together may have {ISkillValues.MaxScope} bytes");
    }
}
