using Luminarys.Cluster.Transfers;
using Luminarys.Cluster.Transfers.Tunnel;
using Luminarys.Transfers;

namespace Luminarys.Simulation.Transfers;

/// <summary>One attempt on the node that has the file, which may change under its hands.</summary>
internal sealed class SimulatedSource
{
    private const int PartSize = 7;

    private readonly TransferSimulation _world;
    private readonly SimulatedTunnel _tunnel;
    private readonly SourceSession _session;
    private readonly List<byte> _hashed = [];
    private bool _isDead;
    private bool _isSending;

    public SimulatedSource(TransferSimulation world, SimulatedTunnel tunnel, int transfer)
    {
        (_world, _tunnel, Transfer) = (world, tunnel, transfer);
        (Length, Fingerprint) = (world.Content.Length, world.Fingerprint);
        _session = new(Length, Fingerprint, world.Settings);
    }

    public int Transfer { get; }

    public long Length { get; }

    public UInt128 Fingerprint { get; }

    /// <summary>How it ended; null while it has not.</summary>
    public AttemptEnd? End { get; private set; }

    public void Start()
    {
        Do(_session.Start(_world.Scheduler.Now));
        Tick();
    }

    public void Take(object frame)
    {
        if (!_isDead)
        {
            Do(_session.Hear((TunnelMessage)frame, _world.Scheduler.Now));
            Resume();
        }
    }

    public void Lose(TransferFault fault = TransferFault.PeerLost)
    {
        if (!_isDead)
        {
            Do(_session.Lose(fault));
        }
    }

    public void Crash()
    {
        _isDead = true;
        End ??= new(TransferFault.PeerLost);
        _tunnel.Close(isOrderly: false);
    }

    private void Do(IReadOnlyList<SourceAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case SourceAction.Say say:
                    _tunnel.ToSink(say.Message);
                    break;
                case SourceAction.HashPrefix prefix:
                    _world.Scheduler.After(_world.Scheduler.Between(0, 0.1), () => HashPrefix((int)prefix.Length));
                    break;
                case SourceAction.SendFrom from:
                    Begin(from);
                    break;
                case SourceAction.End end:
                    End = end.Outcome;
                    _tunnel.Close(isOrderly: true);
                    break;
            }
        }
    }

    private void HashPrefix(int length)
    {
        if (_isDead)
        {
            return;
        }

        _hashed.AddRange(_world.Content.Take(length));
        Do(_world.Content.Length < length
            ? _session.Fail(TransferFault.SourceChanged, _world.Scheduler.Now)
            : _session.PrefixHashed(SimulatedPart.HashOf([.. _hashed]), _world.Scheduler.Now));
    }

    private void Begin(SourceAction.SendFrom from)
    {
        if (!from.KeepsHash)
        {
            _hashed.Clear();
        }

        _world.NoteSending(this, from.Offset);
        Resume();
    }

    private void Resume()
    {
        if (_isSending || _session.State != SourceState.Sending)
        {
            return;
        }

        _isSending = true;
        _world.Scheduler.After(_world.Scheduler.Between(0, 0.03), () =>
        {
            _isSending = false;
            if (!_isDead && _session.State == SourceState.Sending)
            {
                SendOne();
                Resume();
            }
        });
    }

    private void SendOne()
    {
        var offset = _hashed.Count;
        var count = (int)Math.Min(PartSize, Length - offset);
        if (count == 0)
        {
            Do(_session.AllSent(SimulatedPart.HashOf([.. _hashed]), _world.Fingerprint == Fingerprint, _world.Scheduler.Now));
            return;
        }

        if (_tunnel.OnTheWay >= 4 || !_session.MaySend(offset + count))
        {
            return;
        }

        if (_world.Content.Length < offset + count)
        {
            Do(_session.Fail(TransferFault.SourceChanged, _world.Scheduler.Now));
            return;
        }

        var part = _world.Content[offset..(offset + count)];
        _hashed.AddRange(part);
        _session.Sent(_world.Scheduler.Now);
        _world.CheckSent(this, offset + count);
        _tunnel.ToSink(new TunnelPart(offset, _world.Spoil(part)));
    }

    private void Tick() => _world.Scheduler.After(TimeSpan.FromSeconds(1), () =>
    {
        if (!_isDead && _session.State != SourceState.Ended)
        {
            Do(_session.Advance(_world.Scheduler.Now));
            Tick();
        }
    });
}
