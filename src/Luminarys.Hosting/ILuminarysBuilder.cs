using Luminarys.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Hosting;

/// <summary>What <c>AddLuminarysMaster</c> and <c>AddLuminarysSlave</c> answer: the place to say what differs from the defaults.</summary>
public interface ILuminarysBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }

    /// <summary>Role of the node that is being put together.</summary>
    NodeRole Role { get; }
}
