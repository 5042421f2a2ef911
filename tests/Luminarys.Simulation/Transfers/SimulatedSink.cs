using Luminarys.Cluster.Transfers;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Simulation.Transfers;

/// <summary>One attempt on the node that gets the file: does to the simulated disk what the session asks for, in that order, with flushes beside the writes.</summary>
internal sealed class SimulatedSink
{
    private readonly TransferSimulation _world;
    private readonly SimulatedTunnel _tunnel;
    private readonly SinkSession _session;
    private readonly int _transfer;
    private readonly Queue<object> _disk = new();
    private readonly List<byte> _hashed = [];
    private bool _isBusy;
    private bool _isFlushing;
    private bool _isDead;

    public SimulatedSink(TransferSimulation world, SimulatedTunnel tunnel, SimulatedSource source)
    {
        (_world, _tunnel, _transfer) = (world, tunnel, source.Transfer);
        world.Part.Open((int)source.Length);
        _session = new(source.Length, source.Fingerprint, world.Settings, world.Scheduler.Now);
        Tick();
    }

    /// <summary>Whether it still may touch the disk: another attempt finds the part locked.</summary>
    public bool HoldsPart => !_isDead && (_session.State != SinkState.Ended || _isBusy || _isFlushing);

    public void Take(object frame)
    {
        if (_isDead)
        {
            return;
        }

        if (frame is TunnelMessage message)
        {
            Do(_session.Hear(message, _world.Scheduler.Now));
            return;
        }

        var part = (TunnelPart)frame;
        var actions = _session.Take(part.Offset, part.Content.Length, _world.Scheduler.Now);
        if (_session.State == SinkState.Receiving)
        {
            _disk.Enqueue(part);
        }

        Do(actions);
    }

    public void Lose(TransferFault fault = TransferFault.PeerLost)
    {
        if (!_isDead)
        {
            Do(_session.Lose(fault));
        }
    }

    public void Cancel()
    {
        if (!_isDead)
        {
            Do(_session.Cancel());
        }
    }

    /// <summary>The process is gone.</summary>
    public void Crash()
    {
        _isDead = true;
        _tunnel.Close(isOrderly: false);
    }

    private void Do(IReadOnlyList<SinkAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case SinkAction.Say say:
                    _world.CheckSaid(say.Message);
                    _tunnel.ToSource(say.Message);
                    break;
                case SinkAction.End end:
                    _disk.Clear();
                    _disk.Enqueue(end);
                    _tunnel.Close(isOrderly: true);
                    break;
                default:
                    _disk.Enqueue(action);
                    break;
            }
        }

        Work();
    }

    private void Work()
    {
        if (_isBusy || _disk.Count == 0 || (_isFlushing && _disk.Peek() is not TunnelPart))
        {
            return;
        }

        switch (_disk.Dequeue())
        {
            case TunnelPart part:
                After(0.01, () =>
                {
                    _hashed.AddRange(part.Content);
                    _world.Part.Write(part.Content, (int)part.Offset);
                });
                break;
            case SinkAction.Prepare:
                After(0.1, () =>
                {
                    _hashed.AddRange(_world.Part.Read(_world.Part.Durable));
                    Do(_session.Prepared(_hashed.Count, SimulatedPart.HashOf([.. _hashed]), _world.Scheduler.Now));
                });
                break;
            case SinkAction.Restart:
                After(0.01, () =>
                {
                    _hashed.Clear();
                    _world.Part.Restart();
                });
                break;
            case SinkAction.Flush flush:
                Flush(flush.Offset);
                break;
            case SinkAction.Verify:
                After(0.01, () => Do(_session.Verified(SimulatedPart.HashOf([.. _hashed]))));
                break;
            case SinkAction.Commit:
                After(0.5, _world.Part.Rename, () =>
                {
                    _world.Part.FlushDirectory(_transfer, SimulatedPart.HashOf([.. _hashed]));
                    Do(_session.Committed(_world.Scheduler.Now));
                });
                break;
            case SinkAction.End { IsUseless: true }:
                _world.Part.Discard();
                break;
        }

        Work();
    }

    private void Flush(long offset)
    {
        _isFlushing = true;
        _world.Scheduler.After(_world.Scheduler.Between(0, 1), () =>
        {
            if (_isDead)
            {
                return;
            }

            _isFlushing = false;
            _world.Part.Flush((int)offset);
            _world.NoteFlushed(offset);
            Do(_session.Flushed(offset, _world.Scheduler.Now));
        });
    }

    private void After(double most, params Action[] steps)
    {
        _isBusy = true;
        _world.Scheduler.After(_world.Scheduler.Between(0, most), () =>
        {
            if (_isDead)
            {
                return;
            }

            _isBusy = false;
            steps[0]();
            if (steps.Length > 1)
            {
                After(most, steps[1..]);
            }

            Work();
        });
    }

    private void Tick() => _world.Scheduler.After(TimeSpan.FromSeconds(1), () =>
    {
        if (!_isDead && _session.State != SinkState.Ended)
        {
            Do(_session.Advance(_world.Scheduler.Now));
            Tick();
        }
    });
}
