using Luminarys.Events;
using Luminarys.Nodes;
using Luminarys.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Luminarys.Hosting;

public sealed class InProcessEventPublisherTests
{
    private static readonly NodeJoined s_joined =
        new(new Node(new NodeId("slave-1"), NodeRole.Slave, NodeState.Alive, 1, InstanceId.New()));

    [Fact]
    public async Task PublishAsync_HandlerOfTheType_IsCalledAndOthersAreNot()
    {
        var seen = new List<IDomainEvent>();
        await using var provider = Build(builder => builder
            .OnEvent<NodeJoined>((joined, _) => Add(seen, joined))
            .OnEvent<NodeLost>((lost, _) => Add(seen, lost)));

        await provider.GetRequiredService<IEventPublisher>().PublishAsync(s_joined, TestContext.Current.CancellationToken);

        Assert.Equal([s_joined], seen);
    }

    [Fact]
    public async Task PublishAsync_FailingHandler_DoesNotFailThePublisherOrTheNextHandler()
    {
        var seen = new List<IDomainEvent>();
        await using var provider = Build(builder => builder
            .OnEvent<NodeJoined>((_, _) => throw new InvalidOperationException("the application's own defect"))
            .OnEvent<NodeJoined>((joined, _) => Add(seen, joined)));

        await provider.GetRequiredService<IEventPublisher>().PublishAsync(s_joined, TestContext.Current.CancellationToken);

        Assert.Equal([s_joined], seen);
    }

    private static ValueTask Add(List<IDomainEvent> seen, IDomainEvent domainEvent)
    {
        seen.Add(domainEvent);
        return ValueTask.CompletedTask;
    }

    private static ServiceProvider Build(Action<ILuminarysBuilder> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        configure(services.AddLuminarysMaster());
        return services.BuildServiceProvider();
    }
}
