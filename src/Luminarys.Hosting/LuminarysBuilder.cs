using Luminarys.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Hosting;

internal sealed class LuminarysBuilder(IServiceCollection services, NodeRole role) : ILuminarysBuilder
{
    public IServiceCollection Services { get; } = services;

    public NodeRole Role { get; } = role;
}
