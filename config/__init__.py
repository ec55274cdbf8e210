"""The frame that knows everyone: settings, addresses, schedules, and the processes that run the house."""
